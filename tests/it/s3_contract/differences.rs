//! Where another server is known to answer differently from Amazon S3.
//!
//! A line here speaks for one server only. Where it says [`How::Differs`], the case must fail there: a difference that
//! is gone makes the suite fail too, so that this table stays true.

mod moto;
mod rgw;

use std::fs;
use std::path::Path;

use moto::MOTO;
use rgw::RGW;

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

/// All of them.
fn differences() -> impl Iterator<Item = &'static Difference> {
    MOTO.iter().chain(RGW)
}

/// What is declared for a case (`AREA::TEST` or `AREA::TEST::CASE`) at a server.
pub(crate) fn declared(case: &str, server: &str) -> Option<&'static Difference> {
    let covers = |line: &str| case.strip_prefix(line).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    differences().find(|difference| difference.server == server && covers(difference.case))
}

#[test]
fn every_difference_names_a_case_that_exists_and_a_reason() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/s3_contract");
    for difference in differences() {
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
