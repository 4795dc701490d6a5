use super::*;
use crate::domain::bucket_settings::Payer;
use crate::domain::public_access::BlockPublicAccess;
use crate::s3::testing::{Canned, serve};

const ON: &str =
    "<PublicAccessBlockConfiguration><BlockPublicPolicy>true</BlockPublicPolicy></PublicAccessBlockConfiguration>";

fn block(on: bool) -> SettingValue {
    SettingValue::BlockPublicAccess(BlockPublicAccess { block_public_policy: on, ..BlockPublicAccess::NONE })
}

fn lift() -> Write {
    let kind = SettingKind::BlockPublicAccess;
    Write::Setting { kind, before: Some(block(true)), after: Some(block(false)) }
}

fn spot() -> Spot {
    Spot { bucket: "b".to_owned(), key: "k".to_owned() }
}

/// The second change fails: what takes back the first is handed out, and nothing else.
#[tokio::test]
async fn a_failure_tells_what_was_done_before_it() {
    let refused = "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    let server = serve(vec![Canned::xml(200, ON), Canned::empty(200), Canned::xml(403, refused)]).await;
    let pays = Write::Setting {
        kind: SettingKind::RequestPayment,
        before: Some(SettingValue::RequestPayment(Payer::Requester)),
        after: Some(SettingValue::RequestPayment(Payer::BucketOwner)),
    };
    let failed = apply(&server.store().await, &spot(), &[lift(), pays]).await.unwrap_err();
    assert!(matches!(failed.why, Why::Store(_)), "{:?}", failed.why);
    let kind = SettingKind::BlockPublicAccess;
    assert_eq!(failed.undo, [Write::Setting { kind, before: Some(block(false)), after: Some(block(true)) }]);
}

#[tokio::test]
async fn what_is_not_as_expected_is_left_alone() {
    let server =
        serve(vec![Canned::xml(404, "<Error><Code>NoSuchPublicAccessBlockConfiguration</Code></Error>")]).await;
    let failed = apply(&server.store().await, &spot(), &[lift()]).await.unwrap_err();
    assert!(matches!(failed.why, Why::Changed("Block Public Access")), "{:?}", failed.why);
    assert!(server.requests().iter().all(|request| request.method == "GET"), "nothing was written");
}

#[tokio::test]
async fn a_restore_that_is_under_way_is_enough() {
    let under_way = "<Error><Code>RestoreAlreadyInProgress</Code></Error>";
    let server = serve(vec![Canned::xml(409, under_way)]).await;
    let days = std::num::NonZeroU16::new(7).unwrap();
    let mended = apply(&server.store().await, &spot(), &[Write::Restore { days }]).await.unwrap();
    assert_eq!(mended.undo, []);
    let seen = &server.requests()[0];
    assert_eq!((seen.method.as_str(), seen.path_and_query.as_str()), ("POST", "/b/k?restore"));
    assert!(String::from_utf8_lossy(&seen.body).contains("<Days>7</Days>"));
}
