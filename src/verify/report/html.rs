//! `report.html`: one file to look at, to send and to keep. Nothing is loaded from anywhere, and it stays small however many
//! files were checked: the weightiest findings first, and some of the files that are as expected.

use std::io::{self, Write};

use jiff::tz::TimeZone;

use super::escape::Escaped;
use super::{About, Counts, Trouble};
use crate::domain::format::{count, counted, date_time, duration, size};
use crate::domain::verify::{Finding, Group, Row, Totals};
use crate::images::{Format, sniff};
use crate::store::verification::{Earlier, Entry, Results};

const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");
/// So many files of each kind, and findings that are gone, are shown at most.
const MOST_WITH_FINDINGS: u32 = 2_000;
const MOST_KNOWN: u32 = 500;
const MOST_AS_EXPECTED: u32 = 300;
const MOST_RESOLVED: u32 = 500;

pub(super) fn page(out: &mut impl Write, results: &Results, about: &About, counts: &Counts) -> Result<(), Trouble> {
    head(out, about, &counts.totals)?;
    tiles(out, about, &counts.totals)?;
    let news = results.shown(Group::News, "", 0, MOST_WITH_FINDINGS)?;
    if !news.is_empty() {
        filters(out, counts)?;
        let all = counts.totals.of(Group::News);
        list(out, "found", "Files with findings", &news, all)?;
    }
    gone(out, &results.resolved(MOST_RESOLVED)?, counts.totals.resolved)?;
    let known = results.shown(Group::Known, "", 0, MOST_KNOWN)?;
    if !known.is_empty() {
        list(out, "known", "Known from the earlier report", &known, counts.totals.known)?;
    }
    grid(out, &results.shown(Group::AsExpected, "", 0, MOST_AS_EXPECTED)?, counts.totals.as_expected)?;
    writeln!(out, "</main><script>{SCRIPT}</script></body></html>")?;
    Ok(())
}

fn head(out: &mut impl Write, about: &About, totals: &Totals) -> io::Result<()> {
    let source = Escaped(&about.source);
    let made = date_time(about.made, jiff::Timestamp::MIN, &TimeZone::UTC);
    let (class, sentence) = verdict(totals);
    write!(
        out,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src \
         'unsafe-inline'; script-src 'unsafe-inline'\"><meta name=\"referrer\" content=\"no-referrer\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{} · {source}</title><style>{STYLE}</style></head><body>{ICONS}\
         <header><p class=\"source\">{source}</p><h1 class=\"{class}\">{}{}</h1><p class=\"made\">{} UTC · {} · \
         expectations in <code>{}</code></p></header><main>",
        Escaped(&sentence),
        icon(class),
        Escaped(&sentence),
        Escaped(&made),
        Escaped(&format!("took {}", duration(about.took))),
        Escaped(&about.expectations),
    )
}

/// The answer in one sentence.
fn verdict(totals: &Totals) -> (&'static str, String) {
    let Totals { files, errors, unknown, warnings, without_rule, known, .. } = *totals;
    let checked = files - without_rule;
    let of = format!("of {}", counted(checked, "file", "files"));
    match (errors, unknown, warnings) {
        _ if checked == 0 => ("unknown", "Nothing was checked".to_owned()),
        (0, 0, 0) if known > 0 => ("ok", format!("Nothing new {of} that were checked")),
        (0, 0, 0) if checked == 1 => ("ok", "The file is as expected".to_owned()),
        (0, 0, 0) => ("ok", format!("All {} are as expected", counted(checked, "file", "files"))),
        (0, 0, warnings) => ("warning", format!("{} {of} {} warned about", count(warnings), is_are(warnings))),
        (0, unknown, _) => ("unknown", format!("{} {of} could not be told", count(unknown))),
        (errors, ..) => ("error", format!("{} {of} {} not as expected", count(errors), is_are(errors))),
    }
}

fn is_are(number: u64) -> &'static str {
    if number == 1 { "is" } else { "are" }
}

fn tiles(out: &mut impl Write, about: &About, totals: &Totals) -> io::Result<()> {
    let tiles = [
        ("error", "not as expected", totals.errors, true),
        ("unknown", "could not be told", totals.unknown, true),
        ("warning", "warned about", totals.warnings, totals.warnings > 0),
        ("known", "known before", totals.known, about.has_earlier),
        ("resolved", "findings gone", totals.resolved, about.has_earlier),
        ("ok", "as expected", totals.as_expected, true),
        ("none", "without a rule", totals.without_rule, totals.without_rule > 0),
    ];
    write!(out, "<ul class=\"tiles\">")?;
    for (class, label, number, _) in tiles.iter().filter(|(.., is_shown)| *is_shown) {
        let class = if *number == 0 { "zero" } else { class };
        write!(out, "<li class=\"{class}\"><b>{}</b> {label}</li>", count(*number))?;
    }
    write!(out, "</ul>")
}

fn filters(out: &mut impl Write, counts: &Counts) -> io::Result<()> {
    write!(
        out,
        "<div class=\"filters\" id=\"filters\" hidden><label>Find in names and findings\
         <input type=\"search\" id=\"find\" autocomplete=\"off\" spellcheck=\"false\"></label>\
         <div class=\"chips\" role=\"group\" aria-label=\"Findings about\">"
    )?;
    for (check, number) in &counts.checks {
        let (word, label) = (check.word(), check.label());
        write!(
            out,
            "<button type=\"button\" class=\"chip\" data-check=\"{word}\" aria-pressed=\"false\">{label} <b>{}</b></button>",
            count(*number)
        )?;
    }
    write!(out, "</div><p id=\"left\" role=\"status\"></p></div>")
}

fn list(out: &mut impl Write, id: &str, title: &str, entries: &[Entry], all: u64) -> io::Result<()> {
    write!(out, "<section id=\"{id}\"><h2>{title} <span class=\"count\">{}</span></h2>", count(all))?;
    cut(out, entries.len() as u64, all)?;
    write!(out, "<ol class=\"rows\">")?;
    entries.iter().try_for_each(|entry| one(out, entry))?;
    write!(out, "</ol></section>")
}

fn cut(out: &mut impl Write, shown: u64, all: u64) -> io::Result<()> {
    if shown >= all {
        return Ok(());
    }
    let (shown, all) = (count(shown), count(all));
    write!(out, "<p class=\"cut\">{shown} of {all} are shown here. All of them are in <code>report.csv</code></p>")
}

fn one(out: &mut impl Write, entry: &Entry) -> io::Result<()> {
    let row = &entry.row;
    let checks: Vec<&str> = row.findings.iter().map(|finding| finding.check.word()).collect();
    write!(out, "<li data-checks=\"{}\">", checks.join(" "))?;
    picture(out, entry)?;
    let facts = facts([answer(row), row.content_type.clone(), pixels(row), row.size_bytes.map(size)]);
    let link = link(row);
    write!(out, "<div><p class=\"path\">{link}</p><p class=\"facts\">{facts}</p><ul class=\"findings\">")?;
    // What is news comes first.
    row.findings.iter().filter(|it| !it.is_known()).try_for_each(|it| finding(out, it))?;
    row.findings.iter().filter(|it| it.is_known()).try_for_each(|it| finding(out, it))?;
    write!(out, "</ul></div></li>")
}

fn finding(out: &mut impl Write, finding: &Finding) -> io::Result<()> {
    let class = if finding.is_known() { "known" } else { finding.severity.word() };
    let known = if finding.is_known() { "known before · " } else { "" };
    let (what, rule) = (finding.check.label(), Escaped(&finding.rule));
    write!(
        out,
        "<li class=\"{class}\">{}<span><span class=\"sentence\">{}</span> <span class=\"rule\">{known}{what} · rule {rule}</span></span></li>",
        icon(class),
        Escaped(&finding.sentence)
    )
}

/// The small picture, or what stands in its place; never an empty box.
fn picture(out: &mut impl Write, entry: &Entry) -> io::Result<()> {
    let Row { status, bytes_are, .. } = &entry.row;
    match &entry.thumb {
        Some(bytes) => {
            // It was made here, so it is what it says; asked all the same.
            let format = sniff::sniff(bytes).ok();
            let mime = format.map_or("application/octet-stream", Format::mime);
            // Only what something shines through is a PNG.
            let class = if format == Some(Format::Png) { "thumb clear" } else { "thumb" };
            let data = base64_simd::STANDARD.encode_to_string(bytes);
            write!(out, "<img class=\"{class}\" alt=\"\" src=\"data:{mime};base64,{data}\">")
        }
        None => {
            let words = match (status, bytes_are) {
                (None, _) => "no answer".to_owned(),
                (Some(401 | 403), _) => "refused".to_owned(),
                (Some(404 | 410), _) => "not there".to_owned(),
                (Some(status), _) if !(200..300).contains(status) => status.to_string(),
                (_, Some(mime)) => mime.rsplit('/').next().unwrap_or(mime).to_owned(),
                (_, None) => "no image".to_owned(),
            };
            write!(out, "<span class=\"thumb\">{}</span>", Escaped(&words))
        }
    }
}

fn link(row: &Row) -> String {
    let (path, url) = (Escaped(&row.path), Escaped(&row.url));
    // Whatever a list holds, a click leads to the web and nowhere else.
    let is_web = row.url.starts_with("https://") || row.url.starts_with("http://");
    match is_web {
        true => format!("<a href=\"{url}\" rel=\"noopener noreferrer\" target=\"_blank\">{path}</a>"),
        false => path.to_string(),
    }
}

fn pixels(row: &Row) -> Option<String> {
    row.width.zip(row.height).map(|(width, height)| format!("{width} × {height}"))
}

fn answer(row: &Row) -> Option<String> {
    let status = row.status?;
    Some(row.code.as_ref().map_or_else(|| status.to_string(), |code| format!("{status} {code}")))
}

fn facts<const N: usize>(facts: [Option<String>; N]) -> String {
    let facts: Vec<String> = facts.into_iter().flatten().map(|fact| Escaped(&fact).to_string()).collect();
    facts.join(" · ")
}

fn gone(out: &mut impl Write, resolved: &[Earlier], all: u64) -> io::Result<()> {
    if resolved.is_empty() {
        return Ok(());
    }
    write!(
        out,
        "<section id=\"gone\"><h2>Gone since the earlier report <span class=\"count\">{}</span></h2>",
        count(all)
    )?;
    cut(out, resolved.len() as u64, all)?;
    write!(out, "<ul class=\"gone\">")?;
    for Earlier { path, finding } in resolved {
        write!(out, "<li>{}<span><b>{}</b> {}</span></li>", icon("ok"), Escaped(path), Escaped(&finding.sentence))?;
    }
    write!(out, "</ul></section>")
}

fn grid(out: &mut impl Write, entries: &[Entry], all: u64) -> io::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    write!(out, "<section id=\"fine\"><h2>As expected <span class=\"count\">{}</span></h2>", count(all))?;
    cut(out, entries.len() as u64, all)?;
    write!(out, "<ul class=\"grid\">")?;
    for entry in entries {
        write!(out, "<li>")?;
        picture(out, entry)?;
        let row = &entry.row;
        let facts = facts([pixels(row), row.size_bytes.map(size)]);
        write!(out, "<p class=\"path\">{}</p><p class=\"facts\">{facts}</p></li>", link(row))?;
    }
    write!(out, "</ul></section>")
}

/// A filled disc with what it means, as the level icons of the window.
const ICONS: &str = "<svg width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>\
    <symbol id=\"i-ok\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"7\"/><path class=\"m\" d=\"M4.8 8.3 7 10.5 11.3 6\"/></symbol>\
    <symbol id=\"i-error\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"7\"/><path class=\"m\" d=\"M8 4.4v4.2M8 11.2v.4\"/></symbol>\
    <symbol id=\"i-warning\" viewBox=\"0 0 16 16\"><path d=\"M8 1.2 15.2 14H.8Z\"/><path class=\"m\" d=\"M8 6v3.6M8 11.8v.4\"/></symbol>\
    <symbol id=\"i-known\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"7\"/><path class=\"m\" d=\"M8 4.4V8l2.4 1.6\"/></symbol>\
    <symbol id=\"i-unknown\" viewBox=\"0 0 16 16\"><circle cx=\"8\" cy=\"8\" r=\"7\"/>\
    <path class=\"m\" d=\"M6.2 6.4a1.8 1.8 0 1 1 2.5 1.7c-.5.2-.7.5-.7 1.1M8 11.4v.4\"/></symbol></defs></svg>";

fn icon(class: &str) -> String {
    let (name, label) = match class {
        "ok" => ("ok", "as expected"),
        "warning" => ("warning", "warning"),
        "unknown" => ("unknown", "could not be told"),
        "known" => ("known", "known before"),
        _ => ("error", "not as expected"),
    };
    format!("<svg class=\"icon {class}\" role=\"img\" aria-label=\"{label}\"><use href=\"#i-{name}\"/></svg>")
}
