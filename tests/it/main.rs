//! One binary for all integration tests: a file for each user story, and the rules of the house.

mod architecture;
mod connections;
mod contract;
mod gallery;
mod gallery_viewer;
mod locations;
mod practice_buckets;
mod practice_hostile;
mod practice_hosts;
mod practice_lifecycle;
mod practice_listing;
mod practice_logging;
mod practice_multipart;
mod practice_objects;
mod practice_public;
mod practice_restart;
mod practice_signing;
mod practice_support;
mod practice_versions;
mod practice_website;
mod s3_contract;
mod setup;
mod support;
mod transfer;
mod uploads;
mod widgets;
