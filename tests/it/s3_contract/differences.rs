//! Where another server is known to answer differently from Amazon S3.
//!
//! A line here speaks for one server only. Where it says [`How::Differs`], the case must fail there: a difference that
//! is gone makes the suite fail too, so that this table stays true.

use std::fs;
use std::path::Path;

/// What becomes of a case at a server that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// It is asked, and must fail.
    Differs,
    /// It is not asked: the outcome depends on luck, or the server takes harm.
    NotAsked,
}

/// One case that one server answers differently.
#[derive(Debug)]
pub(crate) struct Difference {
    /// `AREA`, `AREA::TEST`, or `AREA::TEST::words_of_a_case` for one case of a `test_case`.
    case: &'static str,
    /// The name of the server: `rgw`, `moto`, `minio`.
    server: &'static str,
    pub(crate) how: How,
    /// What the server does instead of what Amazon S3 does.
    pub(crate) reason: &'static str,
}

/// A case that fails at a server.
const fn differs(server: &'static str, case: &'static str, reason: &'static str) -> Difference {
    Difference { case, server, how: How::Differs, reason }
}

/// A case or a whole area that a server is not asked.
const fn not_asked(server: &'static str, case: &'static str, reason: &'static str) -> Difference {
    Difference { case, server, how: How::NotAsked, reason }
}

/// All of them, by server and area. `rgw` was Ceph 16 of Debian 12, `moto` 5.2.
const DIFFERENCES: &[Difference] = &[
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
    differs("rgw", "buckets::a_bucket_has_the_region_it_was_made_in", "has the one region of its zone group"),
    differs("rgw", "buckets::a_bucket_is_made_found_and_deleted", "names us-east-1 as the location instead of none"),
    differs("rgw", "buckets::a_name_against_the_rules_is_refused::a_reserved_prefix", "reserves no names"),
    differs("rgw", "buckets::a_name_against_the_rules_is_refused::another_reserved_prefix", "reserves no names"),
    differs("rgw", "buckets::a_name_against_the_rules_is_refused::a_reserved_suffix", "reserves no names"),
    differs(
        "rgw",
        "buckets::a_name_against_the_rules_is_refused::the_suffix_of_the_account_namespace",
        "reserves no names",
    ),
    differs(
        "rgw",
        "buckets::buckets_are_listed_page_by_page_in_the_order_of_their_names",
        "lists all buckets on one page",
    ),
    differs("rgw", "errors::a_body_that_is_no_xml_is_malformed", "calls some of it InvalidArgument"),
    differs("rgw", "errors::an_error_document_names_code_message_resource_and_request", "has no messages"),
    differs("rgw", "errors::an_unknown_access_key_is_told_so", "has no messages"),
    differs("rgw", "keys::a_key_has_at_most_1024_bytes", "calls it InvalidObjectName"),
    differs("rgw", "policy::a_malformed_policy_is_refused_in_the_words_of_s3", "takes most of it, and has other words"),
    differs("rgw", "policy::a_sound_policy_is_kept_and_removed", "has a policy status where there is no policy"),
    not_asked(
        "rgw",
        "policy::an_explicit_deny_holds_for_the_owner_too_but_never_locks_the_policy",
        "locks the owner out for good",
    ),
    differs(
        "rgw",
        "policy::the_status_tells_whether_a_policy_is_public::p4_any_vpc",
        "takes any condition for a restriction",
    ),
    differs(
        "rgw",
        "policy::the_status_tells_whether_a_policy_is_public::p9_one_bit_larger",
        "takes any condition for a restriction",
    ),
    differs(
        "rgw",
        "policy::the_status_tells_whether_a_policy_is_public::p11_a_large_network_of_ipv6",
        "takes any condition for a restriction",
    ),
    differs(
        "rgw",
        "policy::the_status_tells_whether_a_policy_is_public::p14_anyone_by_https",
        "takes any condition for a restriction",
    ),
    differs(
        "rgw",
        "policy::the_status_tells_whether_a_policy_is_public::p15_whoever_claims_a_page",
        "takes any condition for a restriction",
    ),
    differs(
        "rgw",
        "policy::the_status_tells_whether_a_policy_is_public::p16_whoever_claims_a_browser",
        "takes any condition for a restriction",
    ),
    differs(
        "rgw",
        "policy::the_status_tells_whether_a_policy_is_public::p23_what_a_variable_says",
        "takes any condition for a restriction",
    ),
    differs("rgw", "policy::the_status_tells_whether_a_policy_is_public::p18_one_distribution", "knows no services"),
    differs(
        "rgw",
        "policy::the_status_tells_whether_a_policy_is_public::p19_another_account",
        "counts another account as the public",
    ),
    differs(
        "rgw",
        "policy::the_whole_policy_is_public_or_not::p17_a_prefix_makes_nothing_private",
        "takes any condition for a restriction",
    ),
    differs("rgw", "public::a_delete_marker_is_told_to_who_may_list", "tells strangers nothing of delete markers"),
    differs(
        "rgw",
        "public::a_stranger_is_answered_by_the_table::t03_block_public_access_closes",
        "keeps RestrictPublicBuckets without effect",
    ),
    differs(
        "rgw",
        "public::a_stranger_is_answered_by_the_table::t07_restrictpublicbuckets_closes",
        "keeps RestrictPublicBuckets without effect",
    ),
    differs(
        "rgw",
        "public::a_stranger_is_answered_by_the_table::t27_a_restricted_bucket_tells_nothing",
        "keeps RestrictPublicBuckets without effect",
    ),
    differs(
        "rgw",
        "public::a_stranger_is_answered_by_the_table::t31_a_public_statement_spoils_it",
        "keeps RestrictPublicBuckets without effect",
    ),
    differs(
        "rgw",
        "public::a_stranger_is_answered_by_the_table::t09_a_stored_acl_is_disabled",
        "has no Object Ownership",
    ),
    differs(
        "rgw",
        "public::a_stranger_is_answered_by_the_table::t11_an_acl_opens_where_the_owner_is_preferred",
        "has no Object Ownership",
    ),
    differs(
        "rgw",
        "public::a_stranger_is_answered_by_the_table::t23_and_is_not_ignored",
        "lists by an ACL that is ignored",
    ),
    differs(
        "rgw",
        "public::a_stranger_is_answered_by_the_table::t32_http_without_tls_can_be_denied",
        "does not set aws:SecureTransport without TLS",
    ),
    differs(
        "rgw",
        "public::a_stranger_is_answered_by_the_table::t50_nobody_overrides_headers",
        "answers with a broken header",
    ),
    differs(
        "rgw",
        "public::a_stranger_is_answered_by_the_table::t55_what_is_absent_differs_from_everything",
        "takes what is absent for equal",
    ),
];

/// What is declared for a case (`AREA::TEST` or `AREA::TEST::CASE`) at a server.
pub(crate) fn declared(case: &str, server: &str) -> Option<&'static Difference> {
    let covers = |line: &str| case.strip_prefix(line).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    DIFFERENCES.iter().find(|difference| difference.server == server && covers(difference.case))
}

#[test]
fn every_difference_names_a_case_that_exists_and_a_reason() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/s3_contract");
    for difference in DIFFERENCES {
        let mut names = difference.case.split("::");
        let source = fs::read_to_string(here.join(format!("{}.rs", names.next().unwrap()))).unwrap_or_default();
        let there = match names.next() {
            Some(test) => source.contains(&format!("\nfn {test}(")),
            // That some case of an area fails cannot be told, so an area is not asked at all.
            None => difference.how == How::NotAsked && !source.is_empty(),
        };
        assert!(there, "{} is no case", difference.case);
        assert!(!difference.reason.is_empty(), "{}", difference.case);
    }
}
