//! One binary for all integration tests: a file for each user story, and the rules of the house.

mod architecture;
mod support;
