//! Where moto 5.2 answers differently from Amazon S3.

use super::{Difference, differs, not_asked};

/// By area.
pub(super) const MOTO: &[Difference] = &[
    not_asked("moto", "errors", "asks for no signature and looks at few bodies"),
    not_asked("moto", "policy", "keeps policies without reading them"),
    not_asked("moto", "public", "answers strangers nearly everything"),
    differs("moto", "buckets::a_bucket_with_an_object_in_it_is_not_deleted", "asks strangers for no signature"),
    differs("moto", "buckets::a_bucket_has_the_region_it_was_made_in::the_region_of_the_endpoint", "answers strangers"),
    differs(
        "moto",
        "buckets::a_bucket_has_the_region_it_was_made_in::another_at_the_default_endpoint",
        "answers strangers",
    ),
    differs("moto", "buckets::a_name_against_the_rules_is_refused", "knows few rules of names"),
    differs(
        "moto",
        "buckets::buckets_are_listed_page_by_page_in_the_order_of_their_names",
        "lists in the order of creation",
    ),
    differs("moto", "keys::a_key_has_at_most_1024_bytes", "takes longer keys"),
    differs(
        "moto",
        "keys::hostile_keys_are_kept_apart_listed_and_deleted_to_the_byte",
        "loses keys with empty and dotted segments",
    ),
];
