//! The words for each symptom.

use super::Symptom;

/// What an answer means, and what helps.
#[derive(Debug, PartialEq, Eq)]
pub struct Explained {
    /// What it means, one plain sentence without a full stop.
    pub meaning: &'static str,
    /// What may be behind it, likeliest first.
    pub causes: &'static [&'static str],
    /// How to make sure.
    pub check: &'static str,
    /// What helps.
    pub fix: &'static str,
}

const fn it(
    meaning: &'static str,
    causes: &'static [&'static str],
    check: &'static str,
    fix: &'static str,
) -> Explained {
    Explained { meaning, causes, check, fix }
}

macro_rules! explained {
    ($symptom:expr, $($name:ident: $meaning:literal, $causes:expr, $check:literal, $fix:literal;)*) => {
        match $symptom {
            $(Symptom::$name => {
                const WORDS: Explained = it($meaning, &$causes, $check, $fix);
                &WORDS
            })*
        }
    };
}

pub(super) fn explained(symptom: Symptom) -> &'static Explained {
    explained! { symptom,
        NotPublic: "Nobody without a sign-in may fetch this",
            ["Nothing opens the file", "Block Public Access stands before what opens it", "A statement refuses strangers", "The file is not there, and strangers may not know that"],
            "Check the file with a sign-in: the layers show which one refuses",
            "Open the file by a statement for it, or make a link that ends";
        AccessDenied: "The store refuses, and does not say why",
            ["The sign-in lacks a permission", "A statement of the bucket refuses it", "A rule of the organization stands against it", "The bucket belongs to another account than expected"],
            "Ask who is signed in (GetCallerIdentity), and read the bucket policy",
            "Ask for the permission that is named here";
        NoIdentityPolicy: "No policy of the sign-in allows it",
            ["The permission was never given", "It was given for other buckets or folders"],
            "Look at the policies of the user or role in IAM",
            "Have the statement below added to the user or role";
        NoBucketPolicy: "No statement of the bucket policy allows it",
            ["The bucket belongs to another account, which has to allow it too"],
            "Read the bucket policy",
            "Have the statement below added to the bucket policy";
        IdentityDeny: "A policy of the sign-in forbids it",
            ["Somebody forbade it on purpose"],
            "Look for a statement with Deny at the user or role in IAM",
            "Have the statement changed that forbids it; another one that allows does not help";
        BucketDeny: "A statement of the bucket policy forbids it",
            ["Only certain networks, roles or encrypted connections are let in", "Somebody forbade it on purpose"],
            "Read the statements with Deny and their conditions",
            "Meet the condition, or have the statement changed";
        OrganizationDeny: "A rule of the organization forbids it",
            ["A service or resource control policy"],
            "Ask whoever runs the AWS organization",
            "Only they can change it";
        BoundaryDeny: "A boundary of the sign-in forbids it",
            ["A permissions boundary or a session policy that leaves it out"],
            "Look at the boundary of the user or role, and at how the session was made",
            "Have the permission added to the boundary as well";
        EndpointDeny: "The network’s way to the store forbids it",
            ["The policy of a VPC endpoint leaves it out"],
            "Look at the endpoint’s policy in the VPC console",
            "Have the action and the bucket added there, or use another network";
        PublicPolicyBlocked: "Block Public Access refuses a policy that opens something to anyone",
            ["BlockPublicPolicy is on for the bucket, the account or the organization"],
            "Read Block Public Access of the bucket and of the account",
            "Lift BlockPublicPolicy where it is on, and RestrictPublicBuckets with it";
        PublicAclBlocked: "Block Public Access refuses a list that opens something to anyone",
            ["BlockPublicAcls is on for the bucket, the account or the organization"],
            "Read Block Public Access of the bucket and of the account",
            "Open the file by the bucket policy instead";
        KmsDenied: "The key that the file is encrypted with may not be used",
            ["The sign-in lacks kms:Decrypt or kms:GenerateDataKey", "The key’s own policy leaves the sign-in out", "The key aws/s3 cannot be used from another account"],
            "Look at the file’s key (HeadObject) and at the policy of that key",
            "Have both sides allow it: the sign-in and the key";
        KmsKeyUnusable: "The key that the file is encrypted with cannot be used",
            ["It is switched off", "It is to be deleted", "It lies in another region or does not exist"],
            "Look at the key in the KMS console",
            "Switch it on again, or choose another key";
        KmsNeedsSignature: "The file is encrypted with a KMS key, which strangers can never use",
            ["It was uploaded so, or the bucket does so by itself"],
            "Look at the file’s encryption (HeadObject)",
            "Encrypt it with keys of the store (AES256), or make a link that ends";
        CustomerKeyNeeded: "The file opens only with the key that it was uploaded with",
            ["It is encrypted with a key of the customer (SSE-C)"],
            "Ask whoever uploaded it",
            "Upload it again without a key of its own";
        NoSuchKey: "There is no file of that name",
            ["A letter, a blank or the extension differs; large and small letters count", "It was never uploaded, moved or deleted"],
            "List what begins with the same letters",
            "Use the right name, or upload the file";
        DeleteMarker: "The file was deleted, and an older version is still there",
            ["Somebody deleted it in a bucket that keeps versions", "A lifecycle rule did"],
            "List the versions of the file",
            "Remove the delete marker";
        NoSuchVersion: "There is no such version of the file",
            ["It was deleted for good", "The version belongs to another file"],
            "List the versions of the file",
            "Leave the version out of the address, or use one that is there";
        MarkerHasNoContent: "That version is a delete marker, which has no content",
            ["The address names the moment of the deletion"],
            "List the versions of the file",
            "Use another version, or remove the marker";
        NoSuchBucket: "There is no bucket of that name",
            ["A letter differs", "It was deleted", "It lies with another store or partition"],
            "Ask for the bucket (HeadBucket)",
            "Correct the name or the endpoint";
        WrongRegion: "The bucket lies in another region than the address names",
            ["The address was made for another region", "The address names no region, and the bucket’s region is a newer one"],
            "Read x-amz-bucket-region in the answer",
            "Use the address of the bucket’s region";
        TemporaryRedirect: "The bucket is so new that its name is not known everywhere",
            ["It was made within the last hours"],
            "Read where the answer leads",
            "Use the address with the region, or wait";
        NameTaken: "Somebody else has a bucket of that name",
            ["Names are unique in a whole partition"],
            "Ask for the bucket (HeadBucket)",
            "Choose another name";
        AlreadyYours: "The bucket is there already, and it is yours",
            ["It was made before"],
            "Ask for the bucket (HeadBucket)",
            "Go on with it";
        OperationAborted: "Something else is changing the same thing right now",
            ["Another program or person", "A bucket of that name was deleted a moment ago"],
            "Wait and look again",
            "Try again in a minute; a name that was freed can take an hour";
        InvalidBucketName: "No bucket can have that name",
            ["Capital letters, underscores, blanks or a length out of 3 to 63"],
            "Compare it with the rules",
            "Choose a name of small letters, digits and hyphens";
        LocationConstraint: "The region and the endpoint do not go together",
            ["The request was signed for another region than it names"],
            "Compare the region with the endpoint",
            "Sign for the region in which the bucket shall lie";
        TooManyBuckets: "The account has as many buckets as it may",
            ["The quota is reached"],
            "Count the buckets",
            "Delete one, or ask AWS for more";
        BucketNotEmpty: "The bucket still holds something",
            ["Files", "Old versions or delete markers, which no plain listing shows"],
            "List the versions",
            "Empty it with its versions first";
        CorsRefused: "No CORS rule lets a page of that site use the file",
            ["The site is not named: scheme, host and port must be the same", "The method or a header is not named"],
            "Compare the rules with the site",
            "Add a rule for the site";
        CorsNotSet: "The bucket has no CORS rules",
            ["Pages of other sites were not thought of"],
            "Read the CORS rules",
            "Add a rule for the site";
        SignatureMismatch: "The signature does not fit the request",
            ["The secret is another one", "Blanks around the key or the secret", "A proxy changes the request", "The link was changed, or is used with other headers"],
            "Sign another request with the same keys",
            "Enter the keys again, or make the link again";
        UnknownKey: "The store does not know that access key",
            ["It was deleted or switched off", "It belongs to another store or partition", "It is temporary, and its session token is missing"],
            "Ask who is signed in (GetCallerIdentity)",
            "Use a key that is valid here";
        InvalidToken: "The session token does not belong to the key",
            ["It was cut off when it was copied", "It belongs to another session", "The region needs tokens of a newer kind"],
            "Compare token and key",
            "Sign in again";
        ExpiredToken: "The sign-in has ended",
            ["Sessions last for minutes or hours"],
            "Look at when the session ends",
            "Sign in again";
        ClockSkew: "The clock of this computer is more than 15 minutes off",
            ["It was never set", "The computer slept"],
            "Compare it with the date of the answer",
            "Set the clock";
        BadLink: "The signed link is not whole",
            ["It was cut off", "It is meant to last more than 7 days"],
            "Compare its parameters with a fresh one",
            "Make the link again";
        LinkExpired: "The signed link is over",
            ["Its time is up", "The session that signed it is over"],
            "Look at its date and its duration",
            "Make the link again";
        LinkNotYetValid: "The signed link is not good yet",
            ["It was signed by a clock that is ahead"],
            "Look at its date",
            "Set the clock and make the link again";
        HeadersNotSigned: "The request carries headers that the signed link does not cover",
            ["A program adds headers beginning with x-amz-"],
            "Compare the headers with those in the link",
            "Make the link with these headers, or leave them out";
        OverridesUnsigned: "The address asks for other headers of the answer, which only a signed request may",
            ["It was made from a signed link by cutting the signature off"],
            "Look for response- in the address",
            "Leave these parameters out";
        SlowDown: "The store asks for patience",
            ["Many requests on names that begin alike", "A new bucket that has not grown yet"],
            "Count how often it happens",
            "Send fewer at once, and try again";
        ServerError: "The store failed on its side",
            ["It passes, mostly"],
            "Try again",
            "Try again; ask the store’s support if it stays";
        RequestTimeout: "The upload was too slow, and the store hung up",
            ["A slow or broken line", "A wrong length was announced"],
            "Upload a small file",
            "Try again with smaller parts";
        EntityTooLarge: "It is too large for one request",
            ["More than 5 GiB at once", "The form that it was uploaded by allows less"],
            "Look at its size",
            "Upload it in parts";
        EntityTooSmall: "A part of the upload is too small",
            ["Every part but the last must have 5 MiB"],
            "List the parts",
            "Upload it again with larger parts";
        InvalidPart: "A part of the upload is not there, or is another one",
            ["It was uploaded again meanwhile"],
            "List the parts",
            "Upload the part again";
        InvalidPartOrder: "The parts were named in the wrong order",
            ["They must go up"],
            "List the parts",
            "Finish the upload with the parts in order";
        NoSuchUpload: "The upload in parts is over",
            ["It was finished or called off", "A lifecycle rule cleared it away"],
            "List unfinished uploads",
            "Begin it again";
        MissingLength: "The request did not say how long it is",
            ["A program or proxy sends in chunks"],
            "Look at the headers of the request",
            "Send Content-Length";
        IncompleteBody: "Fewer bytes came than were announced",
            ["The line broke"],
            "Upload it once more",
            "Try again";
        KeyTooLong: "The name is too long",
            ["More than 1,024 bytes; letters beyond ASCII count two to four"],
            "Count its bytes",
            "Shorten it";
        MetadataTooLarge: "The metadata is too large",
            ["More than 2 KB of names and values together"],
            "Add it up",
            "Shorten it";
        InvalidTag: "A tag breaks the rules",
            ["More than 10 tags", "A name twice, too long, or with signs that are not allowed"],
            "Look at the tags",
            "Correct them";
        InvalidStorageClass: "The store does not know that storage class",
            ["It is a class of Amazon’s", "A letter differs"],
            "Look at the store’s classes",
            "Use STANDARD";
        BadDigest: "The bytes that came are not those that were sent",
            ["The line or a proxy changed them", "The store does not understand newer checksums"],
            "Upload it once more",
            "Try again; set checksums to “when required” for this store";
        AclsOff: "Access lists are off in this bucket",
            ["Object Ownership is “Bucket owner enforced”, as in every new bucket"],
            "Read Object Ownership",
            "Leave the list out, and open the file by the bucket policy";
        AclAgainstOwnership: "Lists cannot be switched off while the bucket’s list lets others in",
            ["The bucket’s list grants something to others"],
            "Read the bucket’s list",
            "Make the bucket’s list private first";
        MalformedPolicy: "The policy cannot be stored as it is written",
            ["A member, an action or an ARN is wrong"],
            "Read the finding beside the policy",
            "Correct it";
        MalformedXml: "The document cannot be stored as it is written",
            ["It is empty or lacks something", "The store does not know a part of it"],
            "Compare it with the rules",
            "Correct it";
        NotTheOwner: "Only people of the bucket’s account may do that with its policy",
            ["The bucket belongs to another account"],
            "Ask who is signed in, and whose the bucket is",
            "Ask whoever owns the bucket";
        WebsiteReadsOnly: "A website endpoint only hands out",
            ["The address of the website was used for an upload"],
            "Look for s3-website in the address",
            "Use the address of the store";
        MethodNotAllowed: "That cannot be done with this",
            ["The method does not fit what it is asked of"],
            "Look at Allow in the answer",
            "Use a method that is named there";
        NotImplemented: "This store cannot do that",
            ["It offers only a part of what Amazon S3 does"],
            "Look into the store’s documentation",
            "Do without it";
        Archived: "The file lies in an archive and must be restored first",
            ["It was uploaded into the class GLACIER or DEEP_ARCHIVE", "A lifecycle rule moved it"],
            "Look at its storage class (HeadObject)",
            "Restore it, which takes minutes to days";
        RestoreInProgress: "The file is being fetched from its archive",
            ["Somebody asked for it already"],
            "Look at x-amz-restore (HeadObject)",
            "Wait";
        InvalidRange: "The part that was asked for lies beyond the end of the file",
            ["The file has become shorter", "A download goes on with another file"],
            "Look at its size",
            "Begin again";
        PreconditionFailed: "A condition does not hold",
            ["The name is taken", "The file changed since it was read"],
            "Look at the file",
            "Read it again, and decide";
        ConditionalConflict: "Somebody else wrote at the same moment",
            ["Two writes at once"],
            "Look at the file",
            "Try again";
        NotModified: "Nothing changed since the last time; that is no error",
            ["A cache asked"],
            "Look at If-None-Match in the request",
            "Nothing has to be done";
        InvalidBucketState: "The bucket is not in a state for that",
            ["Object Lock needs versions, and keeps them on"],
            "Read versioning and Object Lock",
            "Switch versions on first";
        VersioningNeeded: "The bucket has to keep versions for that",
            ["Replication and Object Lock need them"],
            "Read versioning",
            "Switch versions on";
        LogTarget: "The bucket for the access log does not fit",
            ["It does not exist", "It lies in another region or account"],
            "Look at the bucket for the log",
            "Choose a bucket of the same region and account";
        AccountState: "The account is not in order",
            ["It is not signed up, or suspended", "Bills are open"],
            "Look at the account in the console",
            "Ask AWS support";
        RegionOff: "The sign-in is not known in that region",
            ["The region is not switched on for the account", "The key belongs to another partition"],
            "List the account’s regions",
            "Switch the region on, or use another";
        InvalidRequest: "The store does not accept what the request says",
            ["Its message says what"],
            "Read the message",
            "Correct it";
        UnknownHost: "There is no such host",
            ["A letter differs", "The bucket’s name breaks the host name", "No network"],
            "Ask for the host of the store alone",
            "Correct the address, or use the path-style one";
        CertificateMismatch: "The certificate does not fit the host",
            ["A bucket with dots in its name over https", "A proxy with a certificate of its own"],
            "Look whose certificate it is",
            "Use the path-style address, or trust the proxy’s certificate";
        NothingListens: "Nothing answers there",
            ["The port is another one: stores often have one for programs and one for the console", "A firewall", "The store is only for a private network"],
            "Ask the store’s address from another network",
            "Correct host and port";
        NoAnswerInTime: "No answer in time",
            ["A firewall that swallows requests", "A store that is overloaded"],
            "Try again",
            "Check the network";
        NotAStore: "What answers there is a web page and no store",
            ["The address of a console or a site", "A proxy’s page"],
            "Open it in a browser",
            "Use the address of the store";
    }
}
