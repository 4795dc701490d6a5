//! The words for a failure: what happened, to what, and what to do.

use std::error::Error;

use super::{BadAddress, FileFault, Kind, Refusal, RefusalReason, S3Error, Thing, Unreached};
use crate::domain::operation;

pub(super) fn sentence(error: &S3Error) -> String {
    let subject = subject(error);
    let verb = operation::words(error.operation).verb.replace("{}", &subject);
    let store = error.endpoint.as_deref().unwrap_or("the store");
    match &error.kind {
        Kind::BadAddress(why) => bad_address(*why, error),
        Kind::Unreachable(why) => unreachable(*why, store),
        Kind::Tls => say(&[
            &format!("{} cannot prove who it is", capital(store)),
            "Its certificate does not fit the name, or is not trusted on this computer",
        ]),
        Kind::Timeout => {
            say(&[&format!("{} did not answer in time", capital(store)), "Check the network and try again"])
        }
        Kind::NotS3 => say(&[
            &format!("{} answers, but not as a store does", capital(store)),
            "The address or port may belong to a web page or console",
        ]),
        Kind::NoCredentials => say(&["There is nothing to sign in with", "Choose a profile or enter an access key"]),
        Kind::BadKey => {
            say(&["The store does not know this access key", "Check the key, and that it belongs to this store"])
        }
        Kind::BadSecret => say(&["The secret does not fit the access key", "Enter the secret again, without blanks"]),
        Kind::Expired => say(&["The sign-in has ended", "Sign in again, or enter a new session token"]),
        Kind::ClockSkew { server_time } => {
            let theirs = server_time.as_ref().map(|time| format!("The store says it is {time}"));
            say(&[
                "The clock of this computer is too far off to sign requests",
                theirs.as_deref().unwrap_or("Set it to the right time"),
            ])
        }
        Kind::Refused(refusal) => refused(refusal, &verb),
        Kind::WrongRegion { region: Some(region) } => {
            format!("{} lies in {region}, and the request went to another region", capital(&bucket(error)))
        }
        Kind::WrongRegion { region: None } => say(&[
            &format!("{} lies in another region", capital(&bucket(error))),
            "Choose the right region or endpoint",
        ]),
        Kind::NotThere(thing) => not_there(*thing, error),
        Kind::NotConfigured => format!("{} has no such setting", capital(&bucket(error))),
        Kind::NotOffered => format!("This store cannot {verb}"),
        Kind::NameTaken => say(&[&format!("The name {} belongs to somebody else", bucket(error)), "Choose another"]),
        Kind::AlreadyYours => format!("{} is there already, and it is yours", capital(&bucket(error))),
        Kind::NotEmpty => {
            say(&[&format!("{} still holds files or old versions", capital(&bucket(error))), "Empty it first"])
        }
        Kind::Conflict => say(&[&format!("Something else is changing {subject} right now"), "Try again in a moment"]),
        Kind::PreconditionFailed => match error.operation {
            "PutObject" | "CompleteMultipartUpload" => format!("This name is taken: {subject} is already there"),
            _ => format!("{} changed since it was read", capital(&subject)),
        },
        Kind::Archived => say(&[&format!("{} is archived", capital(&subject)), "Restore it before reading it"]),
        Kind::Busy => say(&["The store asks for patience", "Try again in a moment"]),
        Kind::BadDocument => with_message("The store does not accept this as it is written", error),
        Kind::TooLarge => with_message(&format!("Too large to {verb}"), error),
        Kind::Damaged => say(&["Bytes were changed or lost on the way", "Try again"]),
        Kind::BadRequest | Kind::Other => with_message(&format!("Could not {verb}"), error),
        Kind::LocalFile { path, fault } => local_file(path, *fault),
        Kind::Cancelled => "Called off".to_owned(),
    }
}

/// One sentence stands alone, several end with full stops.
fn say(sentences: &[&str]) -> String {
    match sentences {
        [only] => (*only).to_owned(),
        several => several.iter().map(|sentence| format!("{sentence}.")).collect::<Vec<_>>().join(" "),
    }
}

fn with_message(sentence: &str, error: &S3Error) -> String {
    // Ceph sends empty messages along with its codes.
    let message = error.message.as_deref().filter(|message| !message.trim().is_empty());
    match (message, &error.code, error.http_status) {
        (Some(message), _, _) => format!("{sentence}: {}", clean(message).trim_end_matches('.')),
        (None, Some(code), _) => format!("{sentence}: {code}"),
        (None, None, Some(status)) => format!("{sentence}: the store answered {status}"),
        (None, None, None) => {
            causes(error).pop().map_or_else(|| sentence.to_owned(), |cause| format!("{sentence}: {cause}"))
        }
    }
}

fn bucket(error: &S3Error) -> String {
    error.bucket.clone().unwrap_or_else(|| "the bucket".to_owned())
}

fn subject(error: &S3Error) -> String {
    error.key.clone().unwrap_or_else(|| bucket(error))
}

/// Starts a sentence; names of buckets, keys and hosts stay as they are.
fn capital(text: &str) -> String {
    match text.strip_prefix("the ") {
        Some(rest) => format!("The {rest}"),
        None => text.to_owned(),
    }
}

fn bad_address(why: BadAddress, error: &S3Error) -> String {
    let address = error.endpoint.as_deref().unwrap_or_default();
    match why {
        BadAddress::NoScheme => say(&[
            "The address of the store lacks its beginning",
            &format!("Write https://{address}, or http:// for a server nearby"),
        ]),
        BadAddress::Unreadable => format!("{address} cannot be read as an address"),
        BadAddress::NotOnlyHost => {
            format!("{address} holds more than scheme, host and port: leave out what follows")
        }
    }
}

fn unreachable(why: Unreached, store: &str) -> String {
    match why {
        Unreached::UnknownHost => {
            say(&[&format!("No host is known for {store}"), "Check the spelling, and the network"])
        }
        Unreached::NothingListens => {
            say(&[&format!("Nothing answers at {store}"), "Check the port, and that the server runs"])
        }
        Unreached::Broken => say(&[&format!("The connection to {store} broke"), "Check the network and try again"]),
        Unreached::NoRoute => say(&[&format!("There is no way to {store} from here"), "Check the network"]),
    }
}

fn refused(refusal: &Refusal, verb: &str) -> String {
    let may_not = format!("You may not {verb}");
    let action = refusal.action.as_deref();
    let why = match (refusal.reason, action) {
        (Some(RefusalReason::PublicPolicyBlocked), _) => {
            "Block Public Access refuses public policies: turn off BlockPublicPolicy on the bucket and the account first"
                .to_owned()
        }
        (Some(RefusalReason::PublicAclBlocked), _) => {
            "Block Public Access refuses public access lists: use a policy, or turn off BlockPublicAcls".to_owned()
        }
        (Some(RefusalReason::LinkExpired), _) => "The link is past its time: make a new one".to_owned(),
        (Some(RefusalReason::Anonymous), _) => "It takes a sign-in".to_owned(),
        (Some(RefusalReason::BucketDeny), _) => "The policy of the bucket denies it".to_owned(),
        (Some(RefusalReason::IdentityDeny), _) => "A policy of the sign-in denies it".to_owned(),
        (Some(RefusalReason::OrganizationDeny), _) => "A policy of the organization denies it".to_owned(),
        (Some(RefusalReason::BoundaryDeny), _) => "The limits set on the sign-in deny it".to_owned(),
        (Some(RefusalReason::EndpointDeny), _) => "The policy of the VPC endpoint denies it".to_owned(),
        (Some(RefusalReason::NoBucketPolicy), Some(action)) => {
            format!("The policy of the bucket does not allow {action}")
        }
        (Some(RefusalReason::NoIdentityPolicy), Some(action)) => format!("The sign-in lacks {action}"),
        (Some(RefusalReason::NoBucketPolicy), None) => "The policy of the bucket does not allow it".to_owned(),
        (_, Some(action)) => format!("The sign-in may lack {action}, or a policy denies it"),
        (_, None) => "The sign-in may lack the permission, or a policy denies it".to_owned(),
    };
    say(&[&may_not, &why])
}

fn not_there(thing: Thing, error: &S3Error) -> String {
    match thing {
        Thing::Bucket => format!("There is no bucket {}", error.bucket.as_deref().unwrap_or("of that name")),
        Thing::Object => match (&error.key, &error.bucket) {
            (Some(key), Some(bucket)) => format!("{key} is not in {bucket}"),
            (Some(key), None) => format!("{key} is not there"),
            _ => "The file is not there".to_owned(),
        },
        Thing::Version => format!("This version of {} is not there", subject(error)),
        Thing::Upload => format!("The upload of {} was finished or called off elsewhere", subject(error)),
        Thing::Something => format!("{} is not there", capital(&subject(error))),
    }
}

fn local_file(path: &str, fault: FileFault) -> String {
    let path = if path.is_empty() { "The file" } else { path };
    match fault {
        FileFault::Gone => format!("{path} is no longer there"),
        FileFault::NotAllowed => format!("{path} may not be opened: its permissions do not allow it"),
        FileFault::Changed => format!("{path} changed while it was being read"),
        FileFault::DiskFull => format!("The disk is full: {path} could not be written"),
        FileFault::Other => format!("{path} could not be read or written"),
    }
}

pub(super) fn details(error: &S3Error) -> String {
    let mut lines = vec![sentence(error)];
    let mut add = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            lines.push(format!("{name}: {}", clean(value)));
        }
    };
    add("Operation", Some(error.operation));
    add("Store", error.endpoint.as_deref());
    add("Bucket", error.bucket.as_deref());
    add("Key", error.key.as_deref());
    add("Code", error.code.as_deref());
    add("HTTP status", error.http_status.map(|status| status.to_string()).as_deref());
    add("Message", error.message.as_deref());
    add("Request ID", error.request_id.as_deref());
    add("Host ID", error.host_id.as_deref());
    for cause in causes(error) {
        add("Cause", Some(&cause));
    }
    lines.join("\n")
}

/// The chain of causes, outermost first, each told once.
pub(super) fn causes(error: &S3Error) -> Vec<String> {
    let mut causes: Vec<String> = Vec::new();
    let mut next = Error::source(error);
    while let Some(cause) = next {
        let text = clean(&cause.to_string());
        if causes.last() != Some(&text) {
            causes.push(text);
        }
        next = cause.source();
    }
    causes
}

/// Blots out what signs a URL: whoever has the query has the rights.
fn clean(text: &str) -> String {
    const SECRET: [&str; 3] = ["X-Amz-Signature=", "X-Amz-Security-Token=", "X-Amz-Credential="];
    let mut cleaned = text.to_owned();
    for name in SECRET {
        let mut from = 0;
        while let Some(at) = cleaned[from..].to_ascii_lowercase().find(&name.to_ascii_lowercase()) {
            let start = from + at + name.len();
            let end = cleaned[start..]
                .find(|c: char| c == '&' || c == '"' || c.is_whitespace())
                .map_or(cleaned.len(), |end| start + end);
            cleaned.replace_range(start..end, "…");
            from = start;
        }
    }
    cleaned
}
