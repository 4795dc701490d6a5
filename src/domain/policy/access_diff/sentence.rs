//! Changes for people as sentences.

use super::super::reach::{Answer, actions_words};
use super::super::{Asker, Style, Words};
use super::{AccessChange, News, Stage, Turn};

/// How many people are named one by one.
const MAX_NAMED: usize = 3;

fn people(news: &News, stage: &Stage<'_>) -> Words {
    let scene = &stage.grid.around.scene;
    if news.turn == Turn::Public {
        return Words::plain("anyone on the internet");
    }
    let mut named: Vec<Words> = news.who.iter().take(MAX_NAMED).map(|who| who.words(scene)).collect();
    if let Some(rest) = news.who.len().checked_sub(MAX_NAMED).filter(|rest| *rest > 0) {
        named.push(Words::plain(format!("{rest} others")));
    }
    Words::list(named, "and")
}

/// The sentence of a change.
pub(super) fn change(news: &News, stage: &Stage<'_>) -> AccessChange {
    let can = match (news.turn, news.to) {
        (Turn::Stops, Answer::Depends) => " can ",
        (Turn::Stops, _) => " can no longer ",
        (_, Answer::Depends) => " can again ",
        _ => " can ",
    };
    let mut words = people(news, stage).capital().then(can).and(what(news, stage));
    let joins = if news.turn == Turn::Stops || news.to == Answer::Depends || news.from == Answer::Depends {
        " if "
    } else {
        ", only if "
    };
    let allows = news.turn != Turn::Stops && news.to == Answer::Yes && news.statement.is_some();
    if !news.when.is_empty() {
        words = words.then(if allows { ", only if " } else { joins }).and(news.when.clone());
    }
    if news.to == Answer::Depends {
        words = words.then(if news.turn == Turn::Stops {
            " only where rules of the account let them"
        } else {
            " where rules of the account let them"
        });
    }
    AccessChange {
        who: news.who.clone(),
        actions: news.actions.clone(),
        keys: news.place.as_ref().map(|place| stage.grid.spots.keys(&place.top)).unwrap_or_default(),
        words,
        detail: detail(news, stage),
        statement: news.statement,
    }
}

/// "view and upload files under photos/".
fn what(news: &News, stage: &Stage<'_>) -> Words {
    let classes = stage.grid.classes;
    let scene = &stage.grid.around.scene;
    let is_file = |action: &str| classes.iter().any(|class| class.files && class.actions.iter().any(|a| a == action));
    let (files, bucket): (Vec<&str>, Vec<&str>) = news.actions.iter().map(String::as_str).partition(|a| is_file(a));
    let count = |files: bool| classes.iter().filter(|c| c.files == files).map(|c| c.actions.len()).sum::<usize>();
    let every = if news.turn == Turn::Stops { "any file" } else { "every file" };
    let all = if news.turn == Turn::Stops { "do anything" } else { "do everything" };
    let place = news.place.as_ref().map(|place| stage.grid.spots.described(place, every, scene)).unwrap_or_default();
    let all_files = !files.is_empty() && files.len() == count(true);
    let all_bucket = !bucket.is_empty() && bucket.len() == count(false);
    let with = |what: Words| Words::strong(all).then(" with ").and(what);
    let whole = news.place.as_ref().is_some_and(|place| place.top == [0] && place.crossed.is_empty());
    match (all_files, all_bucket) {
        (true, true) if whole => {
            let join = if news.turn == Turn::Stops { "or" } else { "and" };
            return with(Words::plain(format!("{} {join} {every} in it", scene.bucket)));
        }
        (true, true) => return with(Words::plain(format!("{} itself and ", scene.bucket)).and(place)),
        (true, false) if bucket.is_empty() => return with(place),
        (false, true) if files.is_empty() => return with(Words::plain(format!("{} itself", scene.bucket))),
        _ => {}
    }
    let join = if news.turn == Turn::Stops { "or" } else { "and" };
    let mut said = Vec::new();
    if !bucket.is_empty() {
        let words = actions_words(&bucket, join);
        said.push(if files.is_empty() { words.then(format!(" of {}", scene.bucket)) } else { words });
    }
    if !files.is_empty() {
        let verbs = actions_words(&files, join);
        // "use `s3:X`" and "use 41 actions" are followed by what they are used on.
        let on = verbs.parts().last().is_some_and(|part| part.style == Style::Mono || part.text.ends_with("actions"));
        said.push(verbs.then(if on { " on " } else { " " }).and(place));
    }
    Words::list(said, join)
}

fn detail(news: &News, stage: &Stage<'_>) -> Option<Words> {
    let scene = &stage.grid.around.scene;
    let mut said = Vec::new();
    if !news.already.is_empty() {
        let before = stage.grid.spots.words(&news.already, "every file", scene);
        said.push(if news.turn == Turn::Stops {
            Words::plain("Still possible: ").and(before)
        } else {
            Words::plain("Until now only ").and(before)
        });
    }
    if !news.but.is_empty() {
        said.push(Words::plain("But not ").and(stage.grid.spots.words(&news.but, "every file", scene)));
    }
    if !news.still.is_empty() {
        said.push(Words::plain("Still possible if ").and(Words::list(news.still.iter().cloned(), "or if")));
    }
    if news.turn == Turn::Possible && matches!(news.who.as_slice(), [Asker::Named(_)]) && said.is_empty() {
        said.extend(only_that(news));
    }
    let mut words = Words::default();
    for (index, one) in said.into_iter().enumerate() {
        words = if index == 0 { one } else { words.then(". ").and(one) };
    }
    (!words.is_empty()).then_some(words)
}

/// What somebody who becomes able to do one everyday thing does not get with it.
fn only_that(news: &News) -> Option<Words> {
    let everyday = super::super::explain::everyday_deeds();
    let gets = |action: &str| news.actions.iter().any(|a| a.eq_ignore_ascii_case(action));
    if !everyday.iter().any(|deed| gets(deed.action)) || news.to != Answer::Yes {
        return None;
    }
    let not: Vec<Words> =
        everyday.iter().filter(|deed| !gets(deed.action)).map(|deed| Words::plain(deed.verb)).collect();
    (!not.is_empty()).then(|| Words::plain("This statement does not let them ").and(Words::list(not, "or")))
}

/// What depends on variables was not compared.
pub(super) fn unsure(patterns: &[String]) -> Vec<Words> {
    patterns
        .iter()
        .map(|pattern| {
            Words::plain("What ").with(pattern, Style::Mono).then(" covers depends on who asks, and was not compared")
        })
        .collect()
}
