//! Listings, page by page, and the emptying of a bucket while it is listed.

use super::model::{Asked, Bucket, Line};
use super::plan::{BUCKETS, KEYS, Listing, Op};
use super::step::{Checked, delete_many, ensure};
use super::wire::{Answer, Call, Wire, elements, escape, inner, unescape};

/// What a listing has on a page, in the groups that an answer has them in.
#[derive(Debug, Default, PartialEq, Eq)]
struct Groups {
    keys: Vec<Line>,
    markers: Vec<Line>,
    folders: Vec<Line>,
}

fn grouped(lines: &[Line]) -> Groups {
    let mut groups = Groups::default();
    for line in lines.iter().cloned() {
        match line {
            Line::Folder(_) => groups.folders.push(line),
            Line::Version { marker: true, .. } => groups.markers.push(line),
            Line::Key(_) | Line::Version { .. } => groups.keys.push(line),
        }
    }
    groups
}

fn decoded(text: Option<String>, url: bool) -> String {
    let text = text.unwrap_or_default();
    if url { percent_encoding::percent_decode_str(&text).decode_utf8().unwrap().into_owned() } else { text }
}

fn told(answer: &Answer, listing: Listing, url: bool) -> Groups {
    let text = answer.text();
    let versions = |element: &str, marker: bool, id: &str| -> Vec<Line> {
        elements(&text, element)
            .iter()
            .map(|entry| Line::Version {
                key: decoded(inner(entry, "Key"), url),
                id: inner(entry, id).unwrap_or_default(),
                marker,
                latest: inner(entry, "IsLatest").as_deref() == Some("true"),
            })
            .collect()
    };
    let folders = elements(&text, "CommonPrefixes")
        .iter()
        .map(|entry| Line::Folder(decoded(inner(entry, "Prefix"), url)))
        .collect();
    match listing {
        Listing::V1 | Listing::V2 => {
            let keys =
                elements(&text, "Contents").iter().map(|entry| Line::Key(decoded(inner(entry, "Key"), url))).collect();
            Groups { keys, markers: Vec::new(), folders }
        }
        Listing::Versions => Groups {
            keys: versions("Version", false, "VersionId"),
            markers: versions("DeleteMarker", true, "VersionId"),
            folders,
        },
        Listing::Uploads => Groups { keys: versions("Upload", false, "UploadId"), markers: Vec::new(), folders },
    }
}

/// ETag and size of each object that a listing shows must be those of the model.
fn describes(answer: &Answer, bucket: &Bucket, listing: Listing, url: bool) -> Checked {
    let element = match listing {
        Listing::V1 | Listing::V2 => "Contents",
        Listing::Versions => "Version",
        Listing::Uploads => return Ok(()),
    };
    for entry in elements(&answer.text(), element) {
        let key = decoded(inner(&entry, "Key"), url);
        let version = match inner(&entry, "VersionId") {
            None => bucket.object(&key),
            Some(id) => bucket.keys.get(&key).and_then(|all| all.iter().find(|version| version.id == id)),
        };
        let Some(version) = version else { return Err(format!("{key:?} is not in the model")) };
        let expected = (Some(format!("\"{}\"", version.etag)), Some(version.body.len().to_string()));
        let found = (inner(&entry, "ETag"), inner(&entry, "Size"));
        ensure!(found == expected, "{key:?} is listed with {found:?} instead of {expected:?}");
    }
    Ok(())
}

/// The names of what a listing is asked with: its marker, and its size of a page.
fn names(listing: Listing) -> (&'static str, &'static str) {
    match listing {
        Listing::V1 => ("marker", "max-keys"),
        Listing::V2 => ("start-after", "max-keys"),
        Listing::Versions => ("key-marker", "max-keys"),
        Listing::Uploads => ("key-marker", "max-uploads"),
    }
}

/// The call for the page after the one that was answered.
fn following(first: &Call, answer: &Answer, listing: Listing, last: &Groups, url: bool) -> Result<Call, String> {
    let mut call = first.clone();
    let (marker, _) = names(listing);
    call.query.retain(|(name, _)| *name != marker);
    let element = |name: &str| elements(&answer.text(), name).into_iter().next().map(|text| unescape(&text));
    Ok(match listing {
        Listing::V2 => {
            let token = element("NextContinuationToken").ok_or("cut short without a continuation token")?;
            call.query("continuation-token", token)
        }
        Listing::V1 => match (element("NextMarker"), last.keys.last()) {
            (Some(next), _) => call.query("marker", decoded(Some(next), url)),
            (None, Some(Line::Key(key))) => call.query("marker", key.clone()),
            _ => return Err("cut short without a marker".to_owned()),
        },
        Listing::Versions | Listing::Uploads => {
            let next = element("NextKeyMarker").ok_or("cut short without a key marker")?;
            let id = if listing == Listing::Versions { "version-id-marker" } else { "upload-id-marker" };
            let told = element(if listing == Listing::Versions { "NextVersionIdMarker" } else { "NextUploadIdMarker" });
            let call = call.query("key-marker", decoded(Some(next), url));
            match told.filter(|told| !told.is_empty()) {
                Some(told) => call.query(id, told),
                None => call,
            }
        }
    })
}

/// Reads a listing to its end and compares each page with what the model shows there.
pub(super) async fn list(wire: &Wire, buckets: &[Bucket], op: &Op) -> Checked {
    let Op::List { bucket, listing, prefix, delimiter, after, page, url } = op else { return Ok(()) };
    let (name, model, listing) = (BUCKETS[*bucket], &buckets[*bucket], *listing);
    let asked = Asked { prefix, delimiter, after: after.map(|key| KEYS[key]) };
    let lines = match listing {
        Listing::V1 | Listing::V2 => model.objects(asked),
        Listing::Versions => model.versions(asked),
        Listing::Uploads => model.uploads(asked),
    };
    let (marker, size) = names(listing);
    let mut first = Call::new("GET", name, "").query(size, page.to_string());
    first = match listing {
        Listing::V1 => first,
        Listing::V2 => first.query("list-type", "2"),
        Listing::Versions => first.query("versions", ""),
        Listing::Uploads => first.query("uploads", ""),
    };
    for (name, value) in [("prefix", asked.prefix), ("delimiter", asked.delimiter), (marker, asked.after.unwrap_or(""))]
    {
        if !value.is_empty() {
            first = first.query(name, value);
        }
    }
    if *url {
        first = first.query("encoding-type", "url");
    }
    let mut at = 0;
    let mut call = first.clone();
    loop {
        let answer = wire.send(&call).await?;
        ensure!(answer.status == 200, "{}", answer.text());
        let expected = &lines[at..lines.len().min(at + page)];
        let found = told(&answer, listing, *url);
        ensure!(found == grouped(expected), "page {call:?}\n shows {found:?}\n instead of {:?}", grouped(expected));
        describes(&answer, model, listing, *url)?;
        if listing == Listing::V2 {
            let count = answer.element("KeyCount");
            ensure!(count == Some(expected.len().to_string()), "a KeyCount of {count:?}");
        }
        at += expected.len();
        let more = answer.element("IsTruncated").as_deref() == Some("true");
        ensure!(more == (at < lines.len() && *page > 0), "IsTruncated is {more} at {at} of {}", lines.len());
        if !more {
            return Ok(());
        }
        call = following(&first, &answer, listing, &found, *url)?;
    }
}

/// Reads the parts of an upload to their end.
pub(super) async fn parts(wire: &Wire, buckets: &[Bucket], op: &Op) -> Checked {
    let Op::Parts { bucket, upload, page } = op else { return Ok(()) };
    let (key, id) = super::step::upload_named(&buckets[*bucket], *upload);
    let model = buckets[*bucket].uploads.iter().find(|upload| upload.id == id);
    let first = Call::new("GET", BUCKETS[*bucket], &key).query("uploadId", id).query("max-parts", page.to_string());
    let mut call = first.clone();
    let mut found = Vec::new();
    loop {
        let answer = wire.send(&call).await?;
        let Some(model) = model else {
            ensure!(answer.status == 404 && answer.code() == "NoSuchUpload", "{}", answer.text());
            return Ok(());
        };
        ensure!(answer.status == 200, "{}", answer.text());
        let shown: Vec<_> = elements(&answer.text(), "Part")
            .iter()
            .map(|part| (inner(part, "PartNumber").unwrap_or_default(), inner(part, "ETag").unwrap_or_default()))
            .collect();
        ensure!(shown.len() <= *page, "{} parts on a page of {page}", shown.len());
        found.extend(shown);
        if answer.element("IsTruncated").as_deref() == Some("true") {
            let next = answer.element("NextPartNumberMarker").ok_or("cut short without a marker")?;
            call = first.clone().query("part-number-marker", next);
            continue;
        }
        let expected: Vec<_> = model
            .parts
            .iter()
            .map(|(number, body)| (number.to_string(), format!("\"{}\"", super::model::md5(body))))
            .collect();
        ensure!(found == expected, "parts {found:?} instead of {expected:?}");
        return Ok(());
    }
}

/// Empties a bucket as clients do: every page of versions is deleted before the next one is asked for.
pub(super) async fn empty(wire: &Wire, bucket: &'static str, page: usize) -> Checked {
    let first = Call::new("GET", bucket, "").query("versions", "").query("max-keys", page.to_string());
    let mut call = first.clone();
    loop {
        let answer = wire.send(&call).await?;
        ensure!(answer.status == 200, "{}", answer.text());
        let shown = told(&answer, Listing::Versions, false);
        let objects: String = shown
            .keys
            .iter()
            .chain(&shown.markers)
            .map(|line| match line {
                Line::Version { key, id, .. } => {
                    format!("<Object><Key>{}</Key><VersionId>{id}</VersionId></Object>", escape(key))
                }
                Line::Key(_) | Line::Folder(_) => String::new(),
            })
            .collect();
        if !objects.is_empty() {
            let deleted = wire.send(&delete_many(bucket, &objects, true)).await?;
            ensure!(deleted.status == 200 && !deleted.text().contains("<Error>"), "{}", deleted.text());
        }
        if answer.element("IsTruncated").as_deref() != Some("true") {
            return Ok(());
        }
        call = following(&first, &answer, Listing::Versions, &shown, false)?;
    }
}
