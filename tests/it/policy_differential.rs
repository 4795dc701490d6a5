//! Our verdict about a request beside the answer of a real server, for random policies and random requests, by nobody
//! and by somebody of another account.
//!
//! Practice storage is asked always, with few cases, since it decides by the same rules and proves only that questions
//! are put as they are meant. A server that nobody here wrote is asked where `BRIMFUL_TEST_ENDPOINT` names one (see
//! [`crate::s3_contract`]); where it is known to decide differently, [`deviations`] says how, and the test checks that
//! its answer is just what those deviations make of ours.
//!
//! ```sh
//! BRIMFUL_DIFFERENTIAL_CASES=6000 BRIMFUL_DIFFERENTIAL_SEED=7 BRIMFUL_TEST_ENDPOINT=… cargo test --test it policy_differential -- --nocapture
//! ```
//!
//! `BRIMFUL_TEST_SECOND_ARN` names the second account's user where it is not what `radosgw-admin user create` makes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at the first surprise")]

mod ask;
mod deviations;
mod generate;

use std::collections::BTreeMap;

use brimful::domain::arn::Partition;
use brimful::domain::permission::{Access, Layers, judge};
use brimful::domain::policy::{LintContext, Policy, RequestContext, RequestPrincipal, first_refusal, lint};

use crate::s3_contract::Server;
use ask::Asked;
use deviations::{DEVIATIONS, Deviation};
use generate::{Dice, Names, policy, question};

/// Requests about one policy, each put by nobody and by the second account.
const QUESTIONS: usize = 6;

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().map_or(default, |text| text.parse().unwrap())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[test]
fn practice_storage_answers_as_predicted() {
    runtime().block_on(async {
        let tally = compare(Server::practice().await, number("BRIMFUL_DIFFERENTIAL_CASES", 240).min(2400)).await;
        eprintln!("{tally}");
        assert_eq!(tally.disagreements.values().sum::<usize>(), 0);
        assert_eq!(tally.not_stored, 0, "practice storage takes what is valid");
        assert!(tally.allowed > tally.cases / 20 && tally.allowed < tally.cases * 19 / 20, "{tally}");
    });
}

#[test]
fn another_server_answers_as_predicted_but_where_it_is_known_not_to() {
    runtime().block_on(async {
        let Some(server) = Server::elsewhere().await else { return };
        if server.name == "moto" {
            return eprintln!("moto keeps policies without reading them");
        }
        let tally = compare(server, number("BRIMFUL_DIFFERENTIAL_CASES", 600)).await;
        eprintln!("{tally}");
        assert!(tally.cases > 0, "{tally}");
    });
}

/// How often what happened.
#[derive(Debug, Default)]
struct Tally {
    server: String,
    cases: usize,
    allowed: usize,
    policies: usize,
    /// Policies that the server did not take.
    not_stored: usize,
    /// Disagreements by the reason that explains them.
    disagreements: BTreeMap<&'static str, usize>,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { server, cases, allowed, policies, not_stored, .. } = self;
        let differ: usize = self.disagreements.values().sum();
        writeln!(f, "{server}: {cases} cases about {policies} policies ({not_stored} more were not taken)")?;
        writeln!(f, "  {allowed} allowed, {} denied, {differ} otherwise than predicted:", cases - allowed)?;
        for (reason, times) in &self.disagreements {
            writeln!(f, "  {times:5} {reason}")?;
        }
        Ok(())
    }
}

/// What the server should say to a request, by our rules.
fn predicted(policy: &Policy, request: &RequestContext) -> Access {
    judge(&Layers { policy: Some(policy), ..Layers::default() }, request).access
}

/// Why a server's answer is another than ours: the deviation that by itself makes ours like it, or all together.
fn explained(
    known: &[&'static Deviation],
    policy: &Policy,
    request: &RequestContext,
    answer: Access,
) -> Option<&'static str> {
    let with = |deviations: &[&Deviation]| {
        let (mut policy, mut request) = (policy.clone(), request.clone());
        for deviation in deviations {
            (deviation.change)(&mut policy, &mut request);
        }
        predicted(&policy, &request)
    };
    if let Some(alone) = known.iter().find(|deviation| with(&[**deviation]) == answer) {
        return Some(alone.reason);
    }
    (with(known) == answer).then_some("several of these together")
}

async fn compare(server: Server, wanted: u64) -> Tally {
    let names = Names::of(&server);
    let Some(second) = server.second().cloned() else { panic!("a second account is needed") };
    let bucket = ask::bucket(&server).await;
    let known: Vec<&Deviation> = DEVIATIONS.iter().filter(|deviation| deviation.server == server.name).collect();
    let seed = number("BRIMFUL_DIFFERENTIAL_SEED", 20_260_314);
    let mut dice = Dice::new(seed);
    let mut tally = Tally { server: server.name.clone(), ..Tally::default() };
    let mut surprises = Vec::new();
    while (tally.cases as u64) < wanted && tally.not_stored < 40 + tally.policies * 4 {
        let text = policy(&mut dice, &bucket, &names);
        if server.strict() {
            let findings = lint(&text, &LintContext::new(bucket.as_str(), Partition::Aws));
            assert!(first_refusal(&findings).is_none(), "{text}\n{findings:#?}");
        }
        let parsed = Policy::parse(&text).unwrap_or_else(|findings| panic!("{text}\n{findings:#?}"));
        let stored = ask::store_policy(&server, &bucket, &text).await;
        if let Err(refusal) = stored {
            assert!(!server.strict(), "{refusal}: {text}");
            if std::env::var_os("BRIMFUL_DIFFERENTIAL_SHOW").is_some() {
                eprintln!("not taken: {text}");
            }
            tally.not_stored += 1;
            continue;
        }
        tally.policies += 1;
        for _ in 0..QUESTIONS {
            let question = question(&mut dice);
            for signed in [false, true] {
                let keys = signed.then_some(&second);
                let who = if signed { names.second.clone() } else { RequestPrincipal::Anonymous };
                let request = question.context(&bucket, who);
                let Asked { access, status } = ask::put(&server, &bucket, &question, keys).await;
                let ours = predicted(&parsed, &request);
                tally.cases += 1;
                tally.allowed += usize::from(access == Access::Allow);
                if ours == access {
                    continue;
                }
                match explained(&known, &parsed, &request, access) {
                    Some(reason) => *tally.disagreements.entry(reason).or_default() += 1,
                    None => surprises.push(format!(
                        "{status}, predicted {}: {question:?} by {:?}\n{text}",
                        ours.as_str(),
                        request.principal
                    )),
                }
            }
        }
    }
    ask::remove_policy(&server, &bucket).await;
    server.clear_away().await;
    assert!(
        surprises.is_empty(),
        "{tally}\n{} answers that nothing explains (seed {seed}):\n{}",
        surprises.len(),
        surprises[..surprises.len().min(12)].join("\n")
    );
    tally
}
