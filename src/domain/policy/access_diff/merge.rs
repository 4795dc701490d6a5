//! From many small changes to few sentences.

use super::{Answer, Asker, News, Turn};

/// News of several actions, or of several people, that say the same otherwise become one; what happens
/// to somebody because it happens to anyone is not told again.
pub(super) fn merge(news: Vec<News>) -> Vec<News> {
    let told = by_people(by_bucket_and_files(by_action(news)));
    told.iter().filter(|one| !told.iter().any(|other| says_it_all(other, one))).cloned().collect()
}

fn by_action(news: Vec<News>) -> Vec<News> {
    let rest = |news: &News| News { actions: Vec::new(), ..news.clone() };
    let mut out: Vec<News> = Vec::new();
    for one in news {
        match out.iter_mut().find(|other| rest(other) == rest(&one)) {
            Some(other) => other.actions.extend(one.actions),
            None => out.push(one),
        }
    }
    out
}

/// What is asked of the bucket joins what is asked of files, where the rest is the same.
fn by_bucket_and_files(news: Vec<News>) -> Vec<News> {
    let mut out: Vec<News> = Vec::new();
    for one in news {
        let fits = |other: &News| {
            other.who == one.who
                && other.turn == one.turn
                && (other.from, other.to) == (one.from, one.to)
                && other.when == one.when
                && (other.place.is_none() != one.place.is_none())
        };
        match out.iter_mut().find(|other| fits(other)) {
            Some(other) => {
                other.actions.extend(one.actions);
                if other.place.is_none() {
                    other.place = one.place;
                    other.already = one.already;
                    other.but = one.but;
                    other.still = one.still;
                }
                other.statement = other.statement.or(one.statement);
            }
            None => out.push(one),
        }
    }
    out
}

fn by_people(news: Vec<News>) -> Vec<News> {
    // What no longer works no longer works, whether it was sure before or not.
    let from = |news: &News| if news.to == Answer::No { Answer::No } else { news.from };
    let rest = |news: &News| News { who: Vec::new(), from: from(news), ..news.clone() };
    let mut out: Vec<News> = Vec::new();
    for one in news {
        let fits = |other: &&mut News| !other.who.contains(&Asker::Anyone) && rest(other) == rest(&one);
        match out.iter_mut().find(fits) {
            Some(other) => other.who.extend(one.who),
            None => out.push(one),
        }
    }
    out
}

/// Whether what happens to anyone says all that happens to somebody else.
fn says_it_all(anyone: &News, other: &News) -> bool {
    if anyone == other || !anyone.who.contains(&Asker::Anyone) || anyone.when != other.when {
        return false;
    }
    let same_way = (anyone.turn == Turn::Stops) == (other.turn == Turn::Stops);
    let as_far = if other.turn == Turn::Stops {
        // That something now depends on other rules goes without saying where it stops for anyone.
        other.to == Answer::Depends || other.to == anyone.to
    } else {
        anyone.to == Answer::Yes
    };
    let place = |news: &News| news.place.as_ref().map(|place| (place.top.clone(), place.crossed.clone()));
    same_way
        && as_far
        && (other.place.is_none() || place(other) == place(anyone))
        && other.actions.iter().all(|action| anyone.actions.contains(action))
}
