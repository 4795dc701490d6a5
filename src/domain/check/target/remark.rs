//! What is noticed about an address.

use super::BrowserSaid;

/// Something worth knowing about what was typed, beside what it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Remark {
    /// Percent signs were encoded once more (`%2520`).
    DoubleEncoded,
    /// A `+` that may have been meant as a blank.
    Plus,
    /// Characters that a browser encodes and other programs may not.
    NotEncoded(String),
    /// `s3://` addresses are not encoded, and this one looks so.
    EncodedInS3Uri,
    /// What follows `#` never leaves the browser.
    Fragment(String),
    /// What follows `?` and is no parameter of S3 may have been meant as part of the name.
    Query(String),
    /// A browser resolves `.` and `..` before it asks.
    DotSegments,
    /// A browser makes a slash of a backslash.
    Backslash,
    /// Blanks or line breaks stand at the end of the name, encoded.
    BlankAtEnd,
    /// Without TLS.
    PlainHttp,
    /// The certificate does not cover a bucket with dots in its name.
    DottedHost,
    /// A host without a region.
    LegacyHost,
    /// Transfer Acceleration.
    Accelerate,
    /// A website endpoint: plain HTTP, pages instead of error documents.
    Website,
    /// A page of the console, which only whoever signs in there sees.
    ConsolePage,
    /// A name and a password stand before the host; they are not used.
    UserInfo,
    /// A host that is not known to be a store: only what it answers can be told.
    OtherHost(String),
    /// The address of another store than the connection's: its settings cannot be asked through it.
    OtherStore(String),
    /// What the browser said whose line was pasted.
    Browser(BrowserSaid),
    /// The clock of this computer is so many minutes ahead of the store's (or behind, below zero).
    ClockOff(i64),
    /// The store calls the policy public (or not), and its text reads otherwise here.
    PublicBySomeRule {
        /// What the store says.
        store: bool,
    },
    /// The address led on to another one.
    Redirected {
        /// The last address that led on.
        from: String,
        /// Where it ended.
        to: String,
    },
}

impl Remark {
    /// One plain sentence without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::DoubleEncoded => "The address is encoded twice: %25 stands where % was meant".into(),
            Self::Plus => "A + in an address is a plus; a blank is written %20".into(),
            Self::NotEncoded(characters) => {
                format!("Not encoded in the address: {characters}. Browsers do so by themselves, other programs may not")
            }
            Self::EncodedInS3Uri => {
                "An s3:// address is taken to the letter, and this one holds signs that look encoded".into()
            }
            Self::Fragment(rest) => {
                format!("What follows # never leaves the browser: {rest}. In a name # is written %23")
            }
            Self::Query(rest) => format!("What follows ? is no part of the name: {rest}. In a name ? is written %3F"),
            Self::DotSegments => "Browsers resolve . and .. in an address, and then ask for another file".into(),
            Self::Backslash => "Browsers make a slash of a backslash; in a name it is written %5C".into(),
            Self::BlankAtEnd => "The name ends in a blank or a line break, which is easily copied along".into(),
            Self::PlainHttp => "The address goes without TLS, and pages with https:// do not show it".into(),
            Self::DottedHost => {
                "The certificate of the store does not cover a bucket with dots in its name; its path-style address works"
                    .into()
            }
            Self::LegacyHost => "The address names no region, which works only for old regions".into(),
            Self::Accelerate => "The address uses Transfer Acceleration, which the bucket must have switched on".into(),
            Self::Website => {
                "This is a website endpoint: plain http://, public files only, pages instead of error documents".into()
            }
            Self::ConsolePage => {
                "This is a page of the AWS console, which opens only for people of the account".into()
            }
            Self::UserInfo => "What stands before @ in the address is not used".into(),
            Self::OtherHost(host) => {
                format!("{host} is no address of S3 or of this store, so only its answer can be told")
            }
            Self::OtherStore(host) => {
                format!("{host} is an address of another store than this connection’s, so only its answer can be told")
            }
            Self::Browser(said) => said.sentence(),
            Self::ClockOff(minutes) => {
                let side = if *minutes > 0 { "ahead of" } else { "behind" };
                format!("The clock of this computer is {} minutes {side} the store’s", minutes.abs())
            }
            Self::PublicBySomeRule { store: true } => {
                "The store calls the policy public, although by its text it is not".into()
            }
            Self::PublicBySomeRule { store: false } => {
                "The store does not call the policy public, although by its text it is".into()
            }
            Self::Redirected { from, to } => format!("{from} leads on to {to}"),
        }
    }
}
