//! Policies in a terminal: somebody checks, explains, tidies and asks a policy file, and gives the commands what no
//! policy is.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at the first surprise")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use test_case::test_case;

/// Anyone may view the files of acme; nothing else is said.
const PUBLIC: &str = r#"{"Version":"2012-10-17","Statement":[{"Sid":"Read","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme/*"}]}"#;
/// One account may view the files and list them, over TLS only.
const SOUND: &str = r#"{"Version":"2012-10-17","Statement":[
{"Sid":"Partner","Effect":"Allow","Principal":{"AWS":"999988887777"},"Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::acme","arn:aws:s3:::acme/*"]},
{"Sid":"Tls","Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::acme","arn:aws:s3:::acme/*"],"Condition":{"Bool":{"aws:SecureTransport":"false"}}}]}"#;
/// Viewing on the bucket instead of its files.
const WRONG: &str = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Allow\",\n      \"Principal\": {\"AWS\": \"999988887777\"},\n      \"Action\": \"s3:GetObject\",\n      \"Resource\": \"arn:aws:s3:::acme\"\n    }\n  ]\n}\n";

/// What a command said, and what it ended with.
struct Said {
    code: i32,
    out: String,
    err: String,
    took: Duration,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }
}

/// A folder with policy files.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// `brimful policy WORDS…`, FILE among them replaced by a file with this content.
    fn policy(&self, words: &str, content: impl AsRef<[u8]>) -> Said {
        let path = self.file("policy.json", content);
        let words = words.split_whitespace().map(|word| word.replace("FILE", path.to_str().unwrap()));
        said(Command::new(env!("CARGO_BIN_EXE_brimful")).arg("policy").args(words), None)
    }
}

fn said(command: &mut Command, input: Option<&str>) -> Said {
    let start = Instant::now();
    let pipe = || Stdio::piped();
    let mut child = command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.unwrap_or_default().as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        err: text(output.stderr),
        took: start.elapsed(),
    }
}

#[test]
fn a_sound_policy_leaves_the_pipeline_green() {
    let lint = Desk::new().policy("lint FILE", SOUND);
    assert_eq!((lint.code, lint.err.as_str()), (0, ""), "{}", lint.out);
}

#[test]
fn what_s3_would_refuse_is_named_with_its_place_and_its_cure() {
    let lint = Desk::new().policy("lint FILE --json", WRONG);
    assert_eq!(lint.code, 1);
    let found = &lint.json()["findings"][0];
    assert_eq!((&found["severity"], &found["rule"]), (&json!("error"), &json!("L14")));
    assert_eq!((&found["line"], &found["column"], &found["statement"]), (&json!(8), &json!(19), &json!(0)));
    assert_eq!(found["message"], "This action works on files, but the resource names only the bucket");
    assert_eq!(found["server"]["code"], "MalformedPolicy");
    let edit = &found["fix"]["edits"][0];
    let at = |name: &str| usize::try_from(edit[name].as_u64().unwrap()).unwrap();
    let mut cured = WRONG.to_owned();
    cured.replace_range(at("start")..at("end"), edit["replacement"].as_str().unwrap());
    assert_eq!(found["fix"]["label"], "Add /*");
    let again = Desk::new().policy("lint FILE", cured);
    assert_eq!(again.code, 0, "{}", again.out);
}

#[test]
fn findings_for_people_stand_one_to_a_line_like_those_of_a_compiler() {
    let desk = Desk::new();
    let lint = desk.policy("lint FILE", WRONG);
    let first = lint.out.lines().next().unwrap();
    assert!(
        first.ends_with(
            "policy.json:8:19: error: This action works on files, but the resource names only the bucket (L14)"
        ),
        "{first}"
    );
    assert_eq!(lint.out.lines().nth(1), Some("  fix: Add /*"));
}

#[test_case("", 1; "security counts")]
#[test_case("--fail-on error", 0; "only what s3 refuses")]
#[test_case("--fail-on suggestion", 1; "everything")]
fn a_pipeline_chooses_what_stops_it(words: &str, code: i32) {
    assert_eq!(Desk::new().policy(&format!("lint FILE {words}"), PUBLIC).code, code);
}

#[test]
fn suggestions_alone_stop_nothing_but_on_demand() {
    let text = SOUND.replace("\"Sid\":\"Partner\"", "\"Sid\":\"\"");
    let desk = Desk::new();
    let lint = desk.policy("lint FILE --json", &text);
    assert_eq!((lint.code, &lint.json()["findings"][0]["severity"]), (0, &json!("suggestion")));
    assert_eq!(desk.policy("lint FILE --fail-on suggestion", &text).code, 1);
}

#[test]
fn the_bucket_may_be_told_and_is_else_found_in_the_policy() {
    let desk = Desk::new();
    let other = desk.policy("lint FILE --bucket other --json", SOUND);
    assert_eq!((other.code, &other.json()["findings"][0]["rule"]), (1, &json!("L12")));
    let several = SOUND.replacen("acme/*", "lake/*", 1);
    let lint = desk.policy("lint FILE --json", &several);
    assert!(lint.json()["findings"][0]["message"].as_str().unwrap().contains("the bucket lake"), "{}", lint.out);
    let eval = desk.policy("eval --policy FILE --action s3:ListBucket", &several);
    assert_eq!(eval.code, 2);
    assert!(eval.err.contains("acme") && eval.err.contains("lake") && eval.err.contains("--bucket"), "{}", eval.err);
}

#[test]
fn a_policy_is_read_out_in_plain_words() {
    let desk = Desk::new();
    let explain = desk.policy("explain FILE", PUBLIC);
    assert_eq!(explain.code, 0);
    assert!(explain.out.starts_with("Anyone on the internet can view every file of acme\n"), "{}", explain.out);
    let json = desk.policy("explain FILE --json", PUBLIC).json();
    assert_eq!(
        json["sentences"][0],
        json!({"text": "Anyone on the internet can view every file of acme", "statement": 0, "tone": "public"})
    );
}

#[test]
fn tidying_changes_space_only_and_keeps_what_it_does_not_know() {
    let text = r#"{"Statement":{"Effekt":"Allow","x":1.50,"x":"\u00e9"},"Version":"2012-10-17"}"#;
    let desk = Desk::new();
    let format = desk.policy("format FILE", text);
    let expected = "{\n  \"Statement\": {\n    \"Effekt\": \"Allow\",\n    \"x\": 1.50,\n    \"x\": \"\\u00e9\"\n  },\n  \"Version\": \"2012-10-17\"\n}\n";
    assert_eq!((format.code, format.out.as_str()), (0, expected));
    assert_eq!(desk.policy("format FILE", expected).out, expected);
    assert_eq!(desk.policy("format FILE --json", text).json(), json!({"changed": true, "text": expected.trim_end()}));
}

#[test]
fn a_policy_comes_through_a_pipe_too() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brimful"));
    let answer = said(command.args(["policy", "public", "-", "--json"]), Some(PUBLIC));
    assert_eq!((answer.code, &answer.json()["public"]), (1, &json!(true)));
}

#[test]
fn public_is_what_s3_would_call_public() {
    let desk = Desk::new();
    let public = desk.policy("public FILE --json", PUBLIC);
    assert_eq!(public.code, 1);
    assert_eq!(
        public.json(),
        json!({"public": true, "statements": [{"statement": 0, "sid": "Read", "reason": "names everyone"}]})
    );
    let closed = desk.policy("public FILE --json", SOUND);
    assert_eq!((closed.code, closed.json()), (0, json!({"public": false, "statements": []})));
    assert_eq!(desk.policy("public FILE", SOUND).out, "Not public (predicted)\n");
}

fn eval(policy: &str, words: &str) -> Said {
    Desk::new().policy(&format!("eval --policy FILE --bucket acme {words} --json"), policy)
}

const GET: &str = "--action s3:GetObject --key a.jpg";

#[test_case(PUBLIC, GET, "allow", "policy", &json!(0); "anyone by a public policy")]
#[test_case(PUBLIC, "--action s3:PutObject --key a.jpg", "deny", "nothing-allows", &json!(null); "what it does not say")]
#[test_case(PUBLIC, "--action s3:GetObject --key a.jpg --block-public-access all", "deny", "bucket-block-public-access", &json!(0); "the bucket blocks")]
#[test_case(PUBLIC, "--action s3:GetObject --key a.jpg --block-public-access", "deny", "bucket-block-public-access", &json!(0); "all is what is meant without a word")]
#[test_case(PUBLIC, "--action s3:GetObject --key a.jpg --block-public-access none --account-block-public-access RestrictPublicBuckets", "deny", "account-block-public-access", &json!(0); "the account blocks")]
#[test_case(PUBLIC, "--action s3:GetObject --key a.jpg --block-public-access all --principal 111122223333 --owner 111122223333", "allow", "policy", &json!(0); "the owner's account is let through")]
#[test_case(SOUND, GET, "deny", "nothing-allows", &json!(null); "a stranger")]
#[test_case(SOUND, "--action s3:GetObject --key a.jpg --principal 999988887777", "allow", "policy", &json!(0); "an account id stands for its root")]
#[test_case(SOUND, "--action s3:GetObject --key a.jpg --principal arn:aws:iam::999988887777:user/eve", "allow", "policy", &json!(0); "a user of the account")]
#[test_case(SOUND, "--action s3:GetObject --key a.jpg --principal 999988887777 --context aws:SecureTransport=false", "deny", "policy", &json!(1); "over http")]
#[test_case(SOUND, "--action s3:GetObject --key a.jpg --principal 999988887777 --context aws:SecureTransport=true", "allow", "policy", &json!(0); "over tls")]
#[test_case(SOUND, "--action s3:ListBucket --principal 999988887777", "allow", "policy", &json!(0); "the bucket has no key")]
#[test_case(SOUND, "--action s3:GetObject --key a.jpg --acl public-read --ownership ObjectWriter", "allow", "acl", &json!(null); "a public list")]
#[test_case(SOUND, "--action s3:GetObject --key a.jpg --acl public-read --ownership BucketOwnerEnforced", "deny", "ownership", &json!(null); "lists are off")]
#[test_case(SOUND, "--action s3:GetObject --key a.jpg --acl public-read --ownership ObjectWriter --block-public-access IgnorePublicAcls", "deny", "bucket-block-public-access", &json!(null); "lists are ignored")]
#[test_case(PUBLIC, "--action s3:GetObject --key a.jpg --ownership ObjectWriter --object-owner another", "deny", "object", &json!(0); "a file of another account")]
fn requests_are_judged_layer_by_layer(policy: &str, words: &str, decision: &str, layer: &str, statement: &Value) {
    let said = eval(policy, words);
    let json = said.json();
    assert_eq!(said.code, if decision == "allow" { 0 } else { 1 });
    assert_eq!((&json["decision"], &json["layer"], &json["statement"]), (&json!(decision), &json!(layer), statement));
    assert!(json["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{json}");
}

fn only_if(condition: &str) -> String {
    PUBLIC.replace("\"Resource\"", &format!("\"Condition\":{condition},\"Resource\""))
}

#[test_case(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, "", 1; "no address is assumed")]
#[test_case(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, "--context aws:SourceIp=203.0.113.9", 0; "an address")]
#[test_case(r#"{"Bool":{"aws:SecureTransport":"true"}}"#, "", 1; "no tls is assumed")]
#[test_case(r#"{"Bool":{"aws:SecureTransport":"false"}}"#, "", 1; "nor http")]
#[test_case(r#"{"Null":{"aws:Referer":"true"}}"#, "", 0; "an absent key")]
#[test_case(r#"{"Null":{"aws:Referer":"true"}}"#, "--context aws:Referer=", 1; "an empty value is there")]
#[test_case(r#"{"StringEquals":{"aws:Referer":""}}"#, "--context aws:Referer=", 0; "an empty value is compared")]
#[test_case(r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}"#, "--context aws:TagKeys=a --context aws:TagKeys=c", 1; "a repeated key has several values")]
#[test_case(r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}"#, "--context aws:TagKeys=a aws:TagKeys=b", 0; "also after one option")]
#[test_case(r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-x"}}"#, "", 0; "a negated operator on an absent key")]
fn only_what_is_told_of_a_request_is_known(condition: &str, words: &str, code: i32) {
    let said = eval(&only_if(condition), &format!("{GET} {words}"));
    assert_eq!(said.code, code, "{} {}", said.out, said.err);
}

#[test]
fn a_service_asks_too() {
    let policy = PUBLIC.replace("\"*\"", r#"{"Service":"cloudfront.amazonaws.com"}"#);
    assert_eq!(eval(&policy, &format!("{GET} --principal cloudfront.amazonaws.com")).code, 0);
    assert_eq!(eval(&policy, &format!("{GET} --principal logging.s3.amazonaws.com")).code, 1);
}

#[test]
fn the_reason_says_whose_rules_may_still_decide() {
    let own = eval(SOUND, &format!("{GET} --principal 111122223333 --owner 111122223333")).json();
    assert_eq!(own["reason"], "The policy allows nothing by itself; the account's own rules may");
    let other = eval(SOUND, &format!("{GET} --principal arn:aws:iam::999988887777:user/eve")).json();
    assert!(other["reason"].as_str().unwrap().ends_with("if the rules of its own account allow it too"));
}

#[test_case("--action s3:GetObject", "give its key"; "an action on files without a key")]
#[test_case("--action s3:ListBucket --key a.jpg", "has no --key"; "an action on the bucket with a key")]
#[test_case("--action s3:GetObjekt --key a.jpg", "s3:GetObject may be meant"; "an action that is not there")]
#[test_case("--action s3:ListAllMyBuckets", "no bucket policy decides"; "an action on no bucket")]
#[test_case("--action s3:GetObject --key a.jpg --principal me", "account id"; "nobody")]
#[test_case("--action s3:GetObject --key a.jpg --context aws:Referer", "KEY=VALUE"; "a key without a value")]
#[test_case("--action s3:GetObject --key a.jpg --acl secret", "public-read"; "a list that is not there")]
#[test_case("--action s3:GetObject --key a.jpg --ownership mine", "ObjectWriter"; "an ownership that is not there")]
#[test_case("--action s3:GetObject --key a.jpg --block-public-access some", "RestrictPublicBuckets"; "a flag that is not there")]
#[test_case("--key a.jpg", "--action"; "no action")]
fn what_cannot_be_asked_says_why(words: &str, why: &str) {
    let said = eval(PUBLIC, words);
    assert_eq!((said.code, said.out.as_str()), (2, ""));
    assert!(said.err.contains(why), "{}", said.err);
}

/// Texts that no policy is, and what `lint` ends with: it has a finding for what is text at all.
fn hostile() -> Vec<(&'static str, Vec<u8>, i32)> {
    let statements =
        vec![
            PUBLIC.strip_prefix("{\"Version\":\"2012-10-17\",\"Statement\":[").unwrap().strip_suffix("]}").unwrap();
            80_000
        ];
    let many = format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{}]}}", statements.join(","));
    let members: Vec<String> = (0..70_000).map(|i| format!("\"m{i}\":{i}")).collect();
    vec![
        ("nothing", Vec::new(), 1),
        ("no json", b"hello".to_vec(), 1),
        ("a list", b"[]".to_vec(), 1),
        ("10 MB of statements", many.into_bytes(), 1),
        ("10 MB of text", format!("{{\"Version\":\"{}\"}}", "x".repeat(10 << 20)).into_bytes(), 1),
        ("10 MB of space", format!("{{{}", " ".repeat(10 << 20)).into_bytes(), 1),
        ("1 MB of members", format!("{{{}}}", members.join(",")).into_bytes(), 1),
        ("depth 10,000", format!("{{\"Statement\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000)).into_bytes(), 1),
        ("depth 10,000 of objects", format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000)).into_bytes(), 1),
        ("depth 10,000 and no end", "[".repeat(10_000).into_bytes(), 1),
        ("no utf-8", b"{\"Version\":\"\xff\xfe\"}".to_vec(), 2),
        ("a lone byte", b"\x80".to_vec(), 2),
        ("nul in a text", b"{\"Version\":\"\0\"}".to_vec(), 1),
        ("nuls", vec![0; 1000], 1),
        ("a huge number", format!("{{\"Statement\":1{}}}", "0".repeat(5000)).into_bytes(), 1),
        ("a huge exponent", b"{\"Statement\":1e999999999}".to_vec(), 1),
        ("repeated names", b"{\"Statement\":[],\"Statement\":[]}".to_vec(), 1),
        ("half a surrogate", br#"{"Version":"\ud800"}"#.to_vec(), 1),
    ]
}

#[test]
fn hostile_input_ends_with_a_clear_error_at_once() {
    let desk = Desk::new();
    for (name, bytes, lints) in hostile() {
        for command in ["lint", "explain", "public", "format", "eval"] {
            let words = match command {
                "eval" => "eval --policy FILE --action s3:GetObject --key k".to_owned(),
                other => format!("{other} FILE"),
            };
            let said = desk.policy(&words, &bytes);
            let expected = match command {
                "lint" => lints,
                // It takes all JSON that is no larger and no deeper than a policy can be.
                "format"
                    if ["a list", "1 MB of members", "a huge number", "a huge exponent", "repeated names"]
                        .contains(&name) =>
                {
                    0
                }
                _ => 2,
            };
            assert_eq!(said.code, expected, "{command} of {name}: {} {}", said.out, said.err);
            let shown = if expected == 2 { &said.err } else { &said.out };
            assert!(!shown.is_empty() && !said.err.contains("panicked"), "{command} of {name}: {}", said.err);
            assert!(shown.bytes().all(|byte| byte >= b' ' || byte == b'\n'), "{command} of {name}: {shown:?}");
            // Without optimization and beside other tests.
            assert!(said.took < Duration::from_secs(6), "{command} of {name} took {:?}", said.took);
        }
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brimful"));
    let said = said(command.args(["policy", "lint", "nowhere.json"]), None);
    assert_eq!(said.code, 2);
    assert!(said.err.starts_with("nowhere.json cannot be read: "), "{}", said.err);
}
