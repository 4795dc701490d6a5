//! One request for a step, and what the model says of its answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{Bucket, Found, Refusal, UNTOLD, Upload, Version, Versioning, bytes, md5, tags};
use super::plan::{BUCKETS, Choice, Condition, KEYS, Op, Which};
use super::wire::{Answer, Call, elements, encode, encode_path, escape, hex, inner};

pub(super) type Checked = Result<(), String>;

macro_rules! ensure {
    ($holds:expr, $($text:tt)*) => {
        if !$holds {
            return Err(format!($($text)*));
        }
    };
}
pub(super) use ensure;

const NOTE: &str = "x-amz-meta-note";
const PART: usize = 5 << 20;

fn tag_query(count: usize) -> String {
    let pairs: Vec<_> = tags(count).iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
    pairs.join("&")
}

fn upload_of(bucket: &Bucket, number: usize) -> Option<&Upload> {
    bucket.uploads.get(number % (bucket.uploads.len() + 1))
}

/// Key and id of an upload, also for one that never was.
pub(super) fn upload_named(bucket: &Bucket, number: usize) -> (String, String) {
    upload_of(bucket, number)
        .map_or_else(|| ("a".to_owned(), "never".to_owned()), |upload| (upload.key.clone(), upload.id.clone()))
}

/// The parts that a CompleteMultipartUpload names: number and ETag.
fn named_parts(upload: Option<&Upload>, choice: Choice) -> Vec<(u16, String)> {
    let all: Vec<_> = upload
        .map(|upload| upload.parts.iter().map(|(number, body)| (*number, md5(body))).collect())
        .unwrap_or_default();
    let mut named: Vec<(u16, String)> = match choice {
        Choice::One(number) if !all.is_empty() => vec![all[number % all.len()].clone()],
        Choice::Nothing => Vec::new(),
        _ => all,
    };
    match choice {
        Choice::Reversed => named.reverse(),
        Choice::WrongTag => named.iter_mut().take(1).for_each(|(_, tag)| *tag = md5(b"wrong")),
        Choice::Missing => named.push((9_999, md5(b"missing"))),
        _ => {}
    }
    named
}

/// The request of a step that is one request.
pub(super) fn call(buckets: &[Bucket], op: &Op) -> Call {
    let versioned =
        |call: Call, bucket: usize, key: usize, which: Which| match buckets[bucket].resolve(KEYS[key], which) {
            Some(id) => call.query("versionId", id),
            None => call,
        };
    match op {
        Op::Put { bucket, key, body, size, note, tags, condition } => {
            let key = KEYS[*key];
            let mut call = Call::new("PUT", BUCKETS[*bucket], key).body(bytes(*body, *size).to_vec());
            if *note {
                call = call.header(NOTE, format!("note {size}"));
            }
            if *tags > 0 {
                call = call.header("x-amz-tagging", tag_query(*tags));
            }
            let etag = buckets[*bucket].object(key).map_or_else(|| md5(b"nothing"), |object| object.etag.clone());
            match condition {
                Condition::None => call,
                Condition::IfAbsent => call.header("if-none-match", "*"),
                Condition::IfMatchRight => call.header("if-match", format!("\"{etag}\"")),
                Condition::IfMatchWrong => call.header("if-match", format!("\"{}\"", md5(b"wrong"))),
            }
        }
        Op::Get { bucket, key, which, range, head } => {
            let call = Call::new(if *head { "HEAD" } else { "GET" }, BUCKETS[*bucket], KEYS[*key]);
            let call = versioned(call, *bucket, *key, *which);
            if *range { call.header("range", "bytes=1-3") } else { call }
        }
        Op::Delete { bucket, key, which } => {
            versioned(Call::new("DELETE", BUCKETS[*bucket], KEYS[*key]), *bucket, *key, *which)
        }
        Op::DeleteMany { bucket, keys, quiet } => {
            let objects: String = keys
                .iter()
                .map(|(key, which)| {
                    let id = buckets[*bucket].resolve(KEYS[*key], *which);
                    let id = id.map_or(String::new(), |id| format!("<VersionId>{id}</VersionId>"));
                    format!("<Object><Key>{}</Key>{id}</Object>", escape(KEYS[*key]))
                })
                .collect();
            delete_many(BUCKETS[*bucket], &objects, is_quiet(keys, *quiet))
        }
        Op::Copy { from: (bucket, key, which), to, replace } => {
            let mut source = format!("/{}/{}", BUCKETS[*bucket], encode_path(KEYS[*key]));
            if let Some(id) = buckets[*bucket].resolve(KEYS[*key], *which) {
                source = format!("{source}?versionId={id}");
            }
            let call = Call::new("PUT", BUCKETS[to.0], KEYS[to.1]).header("x-amz-copy-source", source);
            if *replace { call.header("x-amz-metadata-directive", "REPLACE").header(NOTE, "copied") } else { call }
        }
        Op::Create { bucket, key, note, tags } => {
            let mut call = Call::new("POST", BUCKETS[*bucket], KEYS[*key]).query("uploads", "");
            if *note {
                call = call.header(NOTE, "upload");
            }
            if *tags > 0 { call.header("x-amz-tagging", tag_query(*tags)) } else { call }
        }
        Op::Part { bucket, upload, number, body, size } => {
            let (key, id) = upload_named(&buckets[*bucket], *upload);
            let call = Call::new("PUT", BUCKETS[*bucket], &key).query("partNumber", number.to_string());
            // A part of no upload is empty: a server need not read it before it answers and hangs up.
            let size = if upload_of(&buckets[*bucket], *upload).is_some() { *size } else { 0 };
            call.query("uploadId", id).body(bytes(*body, size).to_vec())
        }
        Op::Complete { bucket, upload, choice, if_absent } => {
            let (key, id) = upload_named(&buckets[*bucket], *upload);
            let parts: String = named_parts(upload_of(&buckets[*bucket], *upload), *choice)
                .iter()
                .map(|(number, tag)| format!("<Part><PartNumber>{number}</PartNumber><ETag>\"{tag}\"</ETag></Part>"))
                .collect();
            let body = format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
            let call = Call::new("POST", BUCKETS[*bucket], &key).query("uploadId", id).body(body);
            if *if_absent { call.header("if-none-match", "*") } else { call }
        }
        Op::Abort { bucket, upload } => {
            let (key, id) = upload_named(&buckets[*bucket], *upload);
            Call::new("DELETE", BUCKETS[*bucket], &key).query("uploadId", id)
        }
        Op::Tag { bucket, key, which, tags: count } => {
            let set: String = tags(*count)
                .iter()
                .map(|(key, value)| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>"))
                .collect();
            let body = format!("<Tagging><TagSet>{set}</TagSet></Tagging>");
            let call = Call::new("PUT", BUCKETS[*bucket], KEYS[*key]).query("tagging", "");
            with_md5(versioned(call, *bucket, *key, *which), body)
        }
        Op::Tags { bucket, key, which } => {
            versioned(Call::new("GET", BUCKETS[*bucket], KEYS[*key]).query("tagging", ""), *bucket, *key, *which)
        }
        Op::Version { bucket, enabled } => {
            let status = if *enabled { "Enabled" } else { "Suspended" };
            let body = format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");
            with_md5(Call::new("PUT", BUCKETS[*bucket], "").query("versioning", ""), body)
        }
        other => unreachable!("{other:?} is more than one request"),
    }
}

/// Ids that are made in a quiet request are not told, so such a request here makes none.
fn is_quiet(keys: &[(usize, Which)], quiet: bool) -> bool {
    quiet && keys.iter().all(|(_, which)| *which != Which::Current)
}

pub(super) fn delete_many(bucket: &'static str, objects: &str, quiet: bool) -> Call {
    let body = format!("<Delete>{objects}<Quiet>{quiet}</Quiet></Delete>");
    with_md5(Call::new("POST", bucket, "").query("delete", ""), body)
}

fn with_md5(call: Call, body: String) -> Call {
    use md5::Digest as _;
    let digest = md5::Md5::digest(body.as_bytes());
    call.header("content-md5", base64_simd::STANDARD.encode_to_string(digest)).body(body)
}

fn refused(answer: Option<&Answer>, (status, code): Refusal) -> Checked {
    let Some(answer) = answer else { return Ok(()) };
    ensure!(answer.status == status, "status {} instead of {status} {code}: {}", answer.status, answer.text());
    // A HEAD has no body to tell a code.
    ensure!(
        answer.body.is_empty() || answer.code() == code,
        "code {} instead of {code}: {}",
        answer.code(),
        answer.text()
    );
    Ok(())
}

fn done(answer: Option<&Answer>, status: u16) -> Checked {
    let Some(answer) = answer else { return Ok(()) };
    ensure!(answer.status == status, "status {} instead of {status}: {}", answer.status, answer.text());
    ensure!(answer.element("Code").is_none(), "an error inside a success: {}", answer.text());
    Ok(())
}

fn tells(answer: Option<&Answer>, header: &str, expected: Option<&str>) -> Checked {
    let Some(answer) = answer else { return Ok(()) };
    let found = answer.header(header);
    ensure!(found == expected, "{header} is {found:?} instead of {expected:?}");
    Ok(())
}

/// The id that a write in this bucket was given, checked for its form.
fn fresh(bucket: &Bucket, answer: Option<&Answer>) -> Result<Option<String>, String> {
    let Some(answer) = answer else { return Ok(None) };
    let id = answer.header("x-amz-version-id").map(str::to_owned);
    match bucket.versioning {
        Versioning::Never => ensure!(id.is_none(), "a version id without versioning: {id:?}"),
        Versioning::Suspended => ensure!(id.as_deref() == Some("null"), "not null while suspended: {id:?}"),
        Versioning::Enabled => {
            let known = bucket.keys.values().flatten().any(|version| Some(&version.id) == id.as_ref());
            ensure!(!known && id.as_ref().is_some_and(|id| id.len() == 32), "not a fresh version id: {id:?}");
        }
    }
    Ok(id)
}

/// The id that a read of this version shows.
fn shown<'a>(bucket: &Bucket, version: &'a Version) -> Option<&'a str> {
    (bucket.versioning != Versioning::Never).then_some(version.id.as_str())
}

fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}

/// Does a step to the model and compares the answer with what the model says. Without an answer, what is not known
/// stands as [`UNTOLD`].
pub(super) fn apply(buckets: &mut [Bucket], op: &Op, answer: Option<&Answer>) -> Checked {
    match op {
        Op::Put { bucket, key, body, size, note, tags: count, condition } => {
            let bucket = &mut buckets[*bucket];
            let key = KEYS[*key];
            if let Some(refusal) = bucket.refusal(key, *condition) {
                return refused(answer, refusal);
            }
            done(answer, 200)?;
            let body = bytes(*body, *size);
            let etag = md5(&body);
            tells(answer, "etag", Some(&quoted(&etag)))?;
            let id = fresh(bucket, answer)?;
            let note = note.then(|| format!("note {size}"));
            bucket.put(key, Version { id: String::new(), marker: false, body, etag, note, tags: tags(*count) }, id);
            Ok(())
        }
        Op::Get { bucket, key, which, range, .. } => {
            answer.map_or(Ok(()), |answer| read(&buckets[*bucket], KEYS[*key], *which, *range, answer))
        }
        Op::Delete { bucket, key, which } => {
            let bucket = &mut buckets[*bucket];
            done(answer, 204)?;
            if let Some(id) = bucket.resolve(KEYS[*key], *which) {
                tells(answer, "x-amz-version-id", Some(&id))?;
                let marker = bucket.delete_version(KEYS[*key], &id);
                return tells(answer, "x-amz-delete-marker", marker.then_some("true"));
            }
            let id = fresh(bucket, answer)?;
            let marker = bucket.delete(KEYS[*key], id);
            tells(answer, "x-amz-delete-marker", marker.then_some("true"))
        }
        Op::DeleteMany { bucket, keys, quiet } => many(&mut buckets[*bucket], keys, is_quiet(keys, *quiet), answer),
        Op::Copy { from, to, replace } => copy(buckets, *from, *to, *replace, answer),
        Op::Create { bucket, key, note, tags: count } => {
            done(answer, 200)?;
            let id = answer.map_or_else(|| Some(UNTOLD.to_owned()), |answer| answer.element("UploadId"));
            let id = id.ok_or("no upload id")?;
            let note = note.then(|| "upload".to_owned());
            let upload = Upload { id, key: KEYS[*key].to_owned(), note, tags: tags(*count), parts: BTreeMap::new() };
            let uploads = &mut buckets[*bucket].uploads;
            uploads.push(upload);
            uploads.sort_by(|one, other| (&one.key, &one.id).cmp(&(&other.key, &other.id)));
            Ok(())
        }
        Op::Part { bucket, upload, number, body, size } => {
            let bucket = &mut buckets[*bucket];
            let at = upload % (bucket.uploads.len() + 1);
            let Some(upload) = bucket.uploads.get_mut(at) else { return refused(answer, (404, "NoSuchUpload")) };
            done(answer, 200)?;
            let body = bytes(*body, *size);
            tells(answer, "etag", Some(&quoted(&md5(&body))))?;
            upload.parts.insert(*number, body);
            Ok(())
        }
        Op::Complete { bucket, upload, choice, if_absent } => {
            complete(&mut buckets[*bucket], *upload, *choice, *if_absent, answer)
        }
        Op::Abort { bucket, upload } => {
            let bucket = &mut buckets[*bucket];
            let at = upload % (bucket.uploads.len() + 1);
            if at == bucket.uploads.len() {
                return refused(answer, (404, "NoSuchUpload"));
            }
            bucket.uploads.remove(at);
            done(answer, 204)
        }
        Op::Tag { bucket, key, which, tags: count } => {
            let bucket = &mut buckets[*bucket];
            let id = bucket.resolve(KEYS[*key], *which);
            let Some(found) = tagged(bucket, KEYS[*key], id.as_deref(), answer)? else { return Ok(()) };
            done(answer, 200)?;
            let versions = bucket.keys.get_mut(KEYS[*key]).ok_or("no such key")?;
            versions.iter_mut().filter(|version| version.id == found).for_each(|version| version.tags = tags(*count));
            Ok(())
        }
        Op::Tags { bucket, key, which } => {
            let bucket = &buckets[*bucket];
            let id = bucket.resolve(KEYS[*key], *which);
            let Some(found) = tagged(bucket, KEYS[*key], id.as_deref(), answer)? else { return Ok(()) };
            let Some(answer) = answer else { return Ok(()) };
            done(Some(answer), 200)?;
            let Found::Object(version) = bucket.find(KEYS[*key], Some(&found)) else { return Ok(()) };
            let told: BTreeMap<_, _> = elements(&answer.text(), "Tag")
                .iter()
                .filter_map(|tag| Some((inner(tag, "Key")?, inner(tag, "Value")?)))
                .collect();
            ensure!(told == version.tags, "tags {told:?} instead of {:?}", version.tags);
            Ok(())
        }
        Op::Version { bucket, enabled } => {
            done(answer, 200)?;
            buckets[*bucket].versioning = if *enabled { Versioning::Enabled } else { Versioning::Suspended };
            Ok(())
        }
        other => unreachable!("{other:?} is more than one request"),
    }
}

fn read(bucket: &Bucket, key: &str, which: Which, range: bool, answer: &Answer) -> Checked {
    let id = bucket.resolve(key, which);
    let answer = Some(answer);
    let version = match bucket.find(key, id.as_deref()) {
        Found::Object(version) => version,
        Found::Marker(marker) => {
            tells(answer, "x-amz-delete-marker", Some("true"))?;
            tells(answer, "x-amz-version-id", Some(&marker.id))?;
            return match id {
                None => refused(answer, (404, "NoSuchKey")),
                Some(_) => {
                    tells(answer, "allow", Some("DELETE"))?;
                    refused(answer, (405, "MethodNotAllowed"))
                }
            };
        }
        Found::Nothing => {
            tells(answer, "x-amz-delete-marker", None)?;
            return refused(answer, (404, if id.is_some() { "NoSuchVersion" } else { "NoSuchKey" }));
        }
    };
    let whole = &version.body;
    if range && whole.len() <= 1 {
        return refused(answer, (416, "InvalidRange"));
    }
    let expected = if range { &whole[1..whole.len().min(4)] } else { &whole[..] };
    done_reading(answer, if range { 206 } else { 200 }, expected)?;
    tells(answer, "etag", Some(&quoted(&version.etag)))?;
    tells(answer, "x-amz-version-id", shown(bucket, version))?;
    tells(answer, NOTE, version.note.as_deref())?;
    let count = version.tags.len().to_string();
    let shows = answer.is_some_and(|answer| answer.header("x-amz-tagging-count").is_none_or(|told| told == count));
    ensure!(shows, "the count of tags is not {count}");
    Ok(())
}

fn done_reading(answer: Option<&Answer>, status: u16, expected: &[u8]) -> Checked {
    let Some(answer) = answer else { return Ok(()) };
    ensure!(answer.status == status, "status {} instead of {status}: {}", answer.status, answer.text());
    let length = answer.header("content-length").map(str::to_owned);
    ensure!(length == Some(expected.len().to_string()), "a length of {length:?} instead of {}", expected.len());
    // A HEAD tells the length alone.
    ensure!(answer.body.is_empty() || answer.body[..] == *expected, "other bytes than were written");
    Ok(())
}

fn many(bucket: &mut Bucket, keys: &[(usize, Which)], quiet: bool, answer: Option<&Answer>) -> Checked {
    done(answer, 200)?;
    let text = answer.map(Answer::text).unwrap_or_default();
    let told = elements(&text, "Deleted");
    ensure!(elements(&text, "Error").is_empty(), "{text}");
    ensure!(quiet || answer.is_none() || told.len() == keys.len(), "{text}");
    // The ids in the request are of the moment when it was sent.
    let named: Vec<_> = keys.iter().map(|(key, which)| (KEYS[*key], bucket.resolve(KEYS[*key], *which))).collect();
    for (number, (key, id)) in named.into_iter().enumerate() {
        let told = told.get(number).filter(|_| !quiet);
        let marker_id = told.and_then(|told| inner(told, "DeleteMarkerVersionId"));
        let marker = match &id {
            Some(id) => bucket.delete_version(key, id),
            None => bucket.delete(key, marker_id.clone()),
        };
        let Some(told) = told else { continue };
        ensure!(inner(told, "Key").as_deref() == Some(key), "{told}");
        ensure!(inner(told, "VersionId") == id, "{told}");
        ensure!(inner(told, "DeleteMarker").is_some_and(|told| told == "true") == marker, "{told}");
        ensure!(marker_id.is_some() == marker, "{told}");
    }
    Ok(())
}

fn copy(
    buckets: &mut [Bucket],
    (from, key, which): (usize, usize, Which),
    to: (usize, usize),
    replace: bool,
    answer: Option<&Answer>,
) -> Checked {
    let bucket = &buckets[from];
    let id = bucket.resolve(KEYS[key], which);
    let source = match bucket.find(KEYS[key], id.as_deref()) {
        Found::Object(version) => version.clone(),
        Found::Marker(_) if id.is_some() => return refused(answer, (400, "InvalidRequest")),
        Found::Nothing if id.is_some() => return refused(answer, (404, "NoSuchVersion")),
        Found::Marker(_) | Found::Nothing => return refused(answer, (404, "NoSuchKey")),
    };
    let current = bucket.current(KEYS[key]).is_some_and(|current| current.id == source.id);
    if (from, key) == to && current && !replace {
        return refused(answer, (400, "InvalidRequest"));
    }
    done(answer, 200)?;
    tells(answer, "x-amz-copy-source-version-id", shown(bucket, &source))?;
    let etag = md5(&source.body);
    if let Some(answer) = answer {
        let told = answer.element("ETag");
        ensure!(told.as_deref() == Some(&quoted(&etag)), "the copy has the ETag {told:?} instead of {etag}");
    }
    let note = if replace { Some("copied".to_owned()) } else { source.note.clone() };
    let target = &mut buckets[to.0];
    let fresh = fresh(target, answer)?;
    let version = Version { id: String::new(), marker: false, body: source.body, etag, note, tags: source.tags };
    target.put(KEYS[to.1], version, fresh);
    Ok(())
}

fn complete(bucket: &mut Bucket, number: usize, choice: Choice, if_absent: bool, answer: Option<&Answer>) -> Checked {
    let named = named_parts(upload_of(bucket, number), choice);
    let Some(upload) = upload_of(bucket, number).cloned() else {
        // With two faults at once either may be told.
        let both = named.is_empty() && answer.is_some_and(|answer| answer.code() == "MalformedXML");
        return if both { Ok(()) } else { refused(answer, (404, "NoSuchUpload")) };
    };
    if named.is_empty() {
        return refused(answer, (400, "MalformedXML"));
    }
    if named.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
        return refused(answer, (400, "InvalidPartOrder"));
    }
    let mut parts: Vec<Arc<Vec<u8>>> = Vec::new();
    for (number, tag) in &named {
        match upload.parts.get(number) {
            Some(body) if md5(body) == *tag => parts.push(Arc::clone(body)),
            _ => return refused(answer, (400, "InvalidPart")),
        }
    }
    if parts.iter().rev().skip(1).any(|part| part.len() < PART) {
        return refused(answer, (400, "EntityTooSmall"));
    }
    if if_absent && let Some(refusal) = bucket.refusal(&upload.key, Condition::IfAbsent) {
        return refused(answer, refusal);
    }
    done(answer, 200)?;
    let digests: Vec<u8> = parts.iter().flat_map(|part| <md5::Md5 as md5::Digest>::digest(part.as_slice())).collect();
    let etag = format!("{}-{}", hex(&<md5::Md5 as md5::Digest>::digest(digests)), parts.len());
    if let Some(answer) = answer {
        let told = answer.element("ETag");
        ensure!(told.as_deref() == Some(&quoted(&etag)), "the object has the ETag {told:?} instead of {etag}");
    }
    let fresh = fresh(bucket, answer)?;
    let body = Arc::new(parts.iter().flat_map(|part| part.iter().copied()).collect());
    let version = Version { id: String::new(), marker: false, body, etag, note: upload.note, tags: upload.tags };
    bucket.put(&upload.key, version, fresh);
    bucket.uploads.retain(|other| other.id != upload.id);
    Ok(())
}

/// The id of the version whose tags a request is about; `None` when it is rightly refused.
fn tagged(bucket: &Bucket, key: &str, id: Option<&str>, answer: Option<&Answer>) -> Result<Option<String>, String> {
    match bucket.find(key, id) {
        Found::Object(version) => Ok(Some(version.id.clone())),
        Found::Marker(_) => {
            let refused = answer.is_none_or(|answer| matches!(answer.status, 404 | 405));
            ensure!(refused, "the tags of a delete marker: {answer:?}");
            Ok(None)
        }
        Found::Nothing => {
            refused(answer, (404, if id.is_some() { "NoSuchVersion" } else { "NoSuchKey" }))?;
            Ok(None)
        }
    }
}
