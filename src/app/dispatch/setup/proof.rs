//! The last step: an image goes up with sign-in, and comes back without.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;

use super::picture;
use crate::domain::connection::Target;
use crate::domain::object_url::{self, Form};
use crate::domain::policy::{AnonymousRequest, Policy, anonymous_context, evaluate};
use crate::domain::{arn, media_type};
use crate::model::Trouble;
use crate::model::setup::proof::{Address, Answered, Evidence, ImageOrigin, Judgement, Picture, Proof, Row, TestImage};
use crate::model::trouble::WayOut;
use crate::s3;
use crate::s3::body::Body;
use crate::s3::error::{Kind, S3Error};
use crate::s3::object::{Guard, ObjectHeaders};
use crate::s3::probe::{Question, probe};
use crate::s3::store::{Family, Store};

/// The name of the image that Brimful draws.
const OWN_NAME: &str = "brimful-test.png";
/// What marks it as ours, so that a later proof takes it again and nothing else is ever touched.
const MARK: (&str, &str) = ("brimful", "test-image");
/// A chosen image larger than this is no test image.
const LARGEST_BYTES: u64 = 25 * 1024 * 1024;
/// So many names are tried where the wanted one belongs to another file.
const NAMES: usize = 20;
/// A change of Block Public Access takes a moment to reach every server of a large store.
const PATIENCE: [Duration; 5] = [
    Duration::from_millis(400),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// What is to be proved.
pub(super) struct Order {
    pub(super) store: Store,
    pub(super) target: Target,
    pub(super) bucket: String,
    pub(super) region: Option<String>,
    pub(super) website: bool,
    /// The prefix that anyone may read, empty for the whole bucket; `None` where nobody may.
    pub(super) public: Option<String>,
    /// Why the plan has not opened anything although it was meant to.
    pub(super) why_shut: Option<&'static str>,
    /// A file of the person instead of the drawn image.
    pub(super) image: Option<PathBuf>,
}

/// Puts the image there and asks for it as a stranger would.
pub(super) async fn prove(order: Order) -> Result<Proof, Trouble> {
    let (name, bytes, chosen) = match &order.image {
        None => (OWN_NAME.to_owned(), drawn().await?, false),
        Some(path) => (file_name(path), chosen_bytes(path).await?, true),
    };
    let wanted = format!("{}{name}", order.public.as_deref().unwrap_or_default());
    let (key, found_again) = put(&order, &wanted, bytes).await?;
    let place = object_url::Place {
        target: &order.target,
        practice_endpoint: practice_endpoint(&order.store),
        bucket: &order.bucket,
        region: order.region.as_deref(),
        website: order.website,
    };
    let forms = object_url::forms(&place, &key);
    let url = forms.first().map(|form| form.url.clone()).unwrap_or_default();
    let (answer, body) = look(&order, &url).await;
    let picture = shown(&answer, body).await;
    let rows = rows(&order, &place, &url, &answer).await;
    Ok(Proof {
        key: key.clone(),
        image: match (found_again, chosen) {
            (true, _) => ImageOrigin::FoundAgain,
            (false, true) => ImageOrigin::Chosen,
            (false, false) => ImageOrigin::Drawn,
        },
        meant_public: order.public.is_some(),
        why_shut: order.why_shut.filter(|_| !answer.is_open()),
        answer,
        at: Timestamp::now(),
        picture,
        addresses: Address::all(forms, &key),
        rows,
        image_now: TestImage::There,
    })
}

fn practice_endpoint(store: &Store) -> Option<&str> {
    let info = store.info();
    if info.family == Family::Practice { info.endpoint.as_deref() } else { None }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| OWN_NAME.to_owned(), |name| name.to_string_lossy().into_owned())
}

async fn drawn() -> Result<Bytes, Trouble> {
    let drawn = tokio::task::spawn_blocking(picture::draw).await.ok().flatten();
    drawn.map(Bytes::from).ok_or_else(|| Trouble::new("The test image could not be drawn", WayOut::Report))
}

async fn chosen_bytes(path: &Path) -> Result<Bytes, Trouble> {
    let trouble = |error| Trouble::from(S3Error::local("PutObject", path, error));
    let size = tokio::fs::metadata(path).await.map_err(trouble)?.len();
    if size > LARGEST_BYTES {
        let words = format!("{} is too large for a test. Choose an image of up to 25 MB", file_name(path));
        return Err(Trouble::new(words, WayOut::ChooseAnother));
    }
    let bytes = tokio::fs::read(path).await.map_err(trouble)?;
    let head = &bytes[..bytes.len().min(media_type::HEAD_BYTES)];
    if !media_type::sniff(head).is_some_and(|kind| kind.is_image()) {
        let words = format!("{} is not an image. Choose another file", file_name(path));
        return Err(Trouble::new(words, WayOut::ChooseAnother));
    }
    Ok(bytes.into())
}

/// Puts the image under the first of its names that is free, or finds it there from an earlier proof.
/// Says the key, and whether it was there already.
async fn put(order: &Order, wanted: &str, bytes: Bytes) -> Result<(String, bool), Trouble> {
    let headers = ObjectHeaders {
        content_type: Some(
            media_type::content_type_for(wanted, &bytes[..bytes.len().min(media_type::HEAD_BYTES)]).content_type,
        ),
        metadata: vec![(MARK.0.to_owned(), MARK.1.to_owned())],
        ..ObjectHeaders::default()
    };
    let size = bytes.len() as u64;
    let body = Body::Bytes(bytes);
    for number in 1..=NAMES {
        let key = numbered(wanted, number);
        match s3::object::head_object(&order.store, &order.bucket, &key).await {
            Ok(there) => {
                let ours = there.metadata.iter().any(|(name, value)| (name.as_str(), value.as_str()) == MARK);
                if ours && there.size_bytes == size {
                    return Ok((key, true));
                }
                continue;
            }
            Err(error) if matches!(error.kind, Kind::NotThere(_) | Kind::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let put = |guard: Guard| {
            let (key, body, headers) = (&key, &body, &headers);
            async move { s3::object::put_object(&order.store, &order.bucket, key, body.into(), headers, &guard).await }
        };
        match put(Guard::IfNoneMatch).await {
            Ok(_) => return Ok((key, false)),
            Err(error) if error.kind == Kind::PreconditionFailed => {}
            // Some stores know no guard; that nothing lies there was asked a moment ago.
            Err(error) if error.kind == Kind::NotOffered => {
                put(Guard::Overwrite).await?;
                return Ok((key, false));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(Trouble::new(format!("Every name near {wanted} is taken. Choose another image"), WayOut::ChooseAnother))
}

/// `a.png`, `a-2.png`, `a-3.png` …
fn numbered(key: &str, number: usize) -> String {
    if number <= 1 {
        return key.to_owned();
    }
    let name_at = key.rfind('/').map_or(0, |at| at + 1);
    match key[name_at..].rfind('.') {
        Some(dot) if dot > 0 => format!("{}-{number}{}", &key[..name_at + dot], &key[name_at + dot..]),
        _ => format!("{key}-{number}"),
    }
}

/// Asks for the image without sign-in; where it is meant to be open, with some patience.
async fn look(order: &Order, url: &str) -> (Answered, Bytes) {
    let mut waits = PATIENCE.iter();
    loop {
        let (answer, body) = ask(url, usize::try_from(LARGEST_BYTES).unwrap_or(usize::MAX)).await;
        let patient =
            order.public.is_some() && order.why_shut.is_none() && order.store.info().family != Family::Practice;
        if answer.is_open() || !patient {
            return (answer, body);
        }
        match waits.next() {
            Some(wait) => tokio::time::sleep(*wait).await,
            None => return (answer, body),
        }
    }
}

async fn ask(url: &str, limit_bytes: usize) -> (Answered, Bytes) {
    match probe(&Question::get(url, limit_bytes)).await {
        Ok(answer) => {
            let told = Answered {
                status: answer.status,
                code: answer.error_code().filter(|_| answer.status >= 300).map(str::to_owned),
                content_type: answer.header("content-type").map(str::to_owned),
                size_bytes: answer.body.len() as u64,
                took: answer.duration,
                unanswered: None,
            };
            (told, answer.body)
        }
        Err(error) => (Answered { unanswered: Some(error.sentence()), ..Answered::default() }, Bytes::new()),
    }
}

async fn shown(answer: &Answered, body: Bytes) -> Option<Picture> {
    if !answer.is_open() {
        return None;
    }
    tokio::task::spawn_blocking(move || picture::read(&body)).await.ok().flatten()
}

/// What strangers may and may not do, each asked for real where asking changes nothing.
async fn rows(order: &Order, place: &object_url::Place<'_>, url: &str, image: &Answered) -> Vec<Row> {
    let prefix = order.public.as_deref();
    let mut rows = vec![Row {
        what: match prefix {
            Some("") => "View an image".to_owned(),
            Some(prefix) => format!("View an image under {prefix}"),
            None => "View the test image".to_owned(),
        },
        open: image_open(image),
        evidence: Evidence::Observed(image.clone()),
        judgement: judge(prefix.is_some(), image, "can be opened by anyone", "cannot be opened by strangers yet"),
    }];
    if let Some(prefix) = prefix.filter(|prefix| !prefix.is_empty()) {
        let outside = object_url::preferred(place, &format!("not-{}/brimful-test", prefix.trim_end_matches('/')));
        rows.push(asked(format!("View a file outside {prefix}"), &outside, "can be opened by anyone").await);
    }
    let bucket = object_url::preferred(place, "");
    let list = format!("{bucket}?list-type=2&max-keys=1");
    rows.push(asked("List the files".to_owned(), &list, "can be listed by anyone").await);
    rows.push(predicted(order, url).await);
    if let Some(plain) = url.strip_prefix("https://").filter(|_| image.is_open()) {
        let (answer, _) = ask(&format!("http://{plain}"), 4096).await;
        let judgement = match answer.is_open() {
            true => Judgement::Note("Can be read on the way".to_owned()),
            false => Judgement::Note("Only https works".to_owned()),
        };
        let open = image_open(&answer);
        let evidence = Evidence::Observed(answer);
        rows.push(Row { what: "View an image over http://".to_owned(), open, evidence, judgement });
    }
    let site = object_url::forms(place, "").into_iter().find(|form| form.form == Form::Website);
    if let Some(site) = site {
        let (answer, _) = ask(&site.url, 4096).await;
        let judgement = match answer.status {
            404 => Judgement::Note("Shows when index.html is there".to_owned()),
            _ if answer.is_open() => Judgement::AsAsked,
            _ => Judgement::Note("Does not answer yet".to_owned()),
        };
        let open = image_open(&answer);
        let evidence = Evidence::Observed(answer);
        rows.push(Row { what: "Open the website".to_owned(), open, evidence, judgement });
    }
    rows
}

fn image_open(answer: &Answered) -> Option<bool> {
    (answer.status != 0).then(|| answer.is_open())
}

fn judge(meant_open: bool, answer: &Answered, if_open: &str, if_shut: &str) -> Judgement {
    match (meant_open, image_open(answer)) {
        (_, None) => Judgement::Note("Nobody answered".to_owned()),
        (true, Some(true)) | (false, Some(false)) => Judgement::AsAsked,
        (false, Some(true)) => Judgement::NotAsAsked(format!("It {if_open}, and should not")),
        (true, Some(false)) => Judgement::NotAsAsked(format!("It {if_shut}")),
    }
}

/// Something that must be refused.
async fn asked(what: String, url: &str, if_open: &str) -> Row {
    let (answer, _) = ask(url, 4096).await;
    let judgement = judge(false, &answer, if_open, "");
    Row { what, open: image_open(&answer), evidence: Evidence::Observed(answer), judgement }
}

/// Uploading and deleting are not tried: the policy that is in force is evaluated instead.
async fn predicted(order: &Order, url: &str) -> Row {
    let policy = match s3::policy::get_bucket_policy(&order.store, &order.bucket).await {
        Ok(text) => Ok(text.and_then(|text| Policy::parse(&text).ok())),
        Err(error) if error.kind == Kind::NotOffered => Ok(None),
        Err(error) => Err(error),
    };
    let what = "Upload or delete without sign-in".to_owned();
    let evidence = Evidence::Predicted;
    let Ok(policy) = policy else {
        let judgement = Judgement::Note("The policy may not be read".to_owned());
        return Row { what, open: None, evidence, judgement };
    };
    let partition = arn::Partition::from_region(order.region.as_deref().unwrap_or_else(|| order.target.region()));
    let object = arn::object_arn(partition, &order.bucket, "brimful-test");
    let stranger = AnonymousRequest { https: url.starts_with("https://"), ..AnonymousRequest::default() };
    let open = policy.is_some_and(|policy| {
        ["s3:PutObject", "s3:DeleteObject"]
            .into_iter()
            .any(|action| evaluate(&policy, &anonymous_context(action, object.clone(), &stranger)).is_allow())
    });
    let judgement = match open {
        false => Judgement::AsAsked,
        true => Judgement::NotAsAsked("The policy would let strangers write".to_owned()),
    };
    Row { what, open: Some(open), evidence, judgement }
}

/// Takes the test image away again.
pub(super) async fn remove(store: &Store, bucket: &str, key: &str) -> Result<(), Trouble> {
    Ok(s3::delete::delete_object(store, bucket, key).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_case::test_case;

    #[test_case("photos/a.png", 1, "photos/a.png"; "the wanted name first")]
    #[test_case("photos/a.png", 2, "photos/a-2.png"; "then with a number")]
    #[test_case("v1.2/a", 3, "v1.2/a-3"; "a dot in a folder is none in the name")]
    #[test_case(".hidden", 2, ".hidden-2"; "a leading dot is no extension")]
    fn names_are_numbered_before_the_extension(key: &str, number: usize, expected: &str) {
        assert_eq!(numbered(key, number), expected);
    }

    #[test]
    fn what_should_be_shut_and_is_open_is_told() {
        let open = Answered { status: 200, ..Answered::default() };
        let shut = Answered { status: 403, ..Answered::default() };
        assert_eq!(judge(true, &open, "opens", ""), Judgement::AsAsked);
        assert_eq!(judge(false, &shut, "opens", ""), Judgement::AsAsked);
        assert_eq!(judge(false, &open, "opens", ""), Judgement::NotAsAsked("It opens, and should not".into()));
        assert_eq!(judge(true, &shut, "", "stays shut"), Judgement::NotAsAsked("It stays shut".into()));
        assert!(matches!(judge(true, &Answered::default(), "", ""), Judgement::Note(_)));
    }
}
