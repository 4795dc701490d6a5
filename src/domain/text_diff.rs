//! Two texts side by side, line by line, and three texts of which two went their own ways.

use similar::{ChangeTag, TextDiff};

/// What became of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// In both texts.
    Same,
    /// Only in the old one.
    Removed,
    /// Only in the new one.
    Added,
}

/// One line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What became of it.
    pub kind: LineKind,
    /// Its number in the old text, counted from 1.
    pub old: Option<usize>,
    /// Its number in the new text, counted from 1.
    pub new: Option<usize>,
    /// The line without its end.
    pub text: String,
}

/// A piece of a comparison as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffPiece {
    /// A line to show.
    Line(DiffLine),
    /// A run of lines that are the same in both, folded away.
    Folded(Vec<DiffLine>),
}

/// Compares line by line. Line ends do not count.
#[must_use]
pub fn compare(old: &str, new: &str) -> Vec<DiffLine> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let number = |index: Option<usize>| index.map(|index| index + 1);
    TextDiff::from_slices(&old, &new)
        .iter_all_changes()
        .map(|change| DiffLine {
            kind: match change.tag() {
                ChangeTag::Equal => LineKind::Same,
                ChangeTag::Delete => LineKind::Removed,
                ChangeTag::Insert => LineKind::Added,
            },
            old: number(change.old_index()),
            new: number(change.new_index()),
            text: change.value().to_owned(),
        })
        .collect()
}

/// How many lines were added or removed.
#[must_use]
pub fn changed_lines(lines: &[DiffLine]) -> usize {
    lines.iter().filter(|line| line.kind != LineKind::Same).count()
}

/// Folds the lines that are the same and further than `context` lines from any change. A single
/// line is not folded: its fold would take the same room.
#[must_use]
pub fn fold(lines: Vec<DiffLine>, context: usize) -> Vec<DiffPiece> {
    let changed: Vec<usize> =
        lines.iter().enumerate().filter(|(_, line)| line.kind != LineKind::Same).map(|(index, _)| index).collect();
    let near = |index: usize| {
        let at = changed.partition_point(|&change| change < index);
        let distance = |at: usize| changed.get(at).map(|&change| change.abs_diff(index));
        [distance(at), at.checked_sub(1).and_then(distance)].into_iter().flatten().any(|distance| distance <= context)
    };
    let mut out = Vec::new();
    let mut run: Vec<DiffLine> = Vec::new();
    let flush = |run: &mut Vec<DiffLine>, out: &mut Vec<DiffPiece>| {
        if run.len() > 1 {
            out.push(DiffPiece::Folded(std::mem::take(run)));
        } else {
            out.extend(run.drain(..).map(DiffPiece::Line));
        }
    };
    for (index, line) in lines.into_iter().enumerate() {
        if near(index) {
            flush(&mut run, &mut out);
            out.push(DiffPiece::Line(line));
        } else {
            run.push(line);
        }
    }
    flush(&mut run, &mut out);
    out
}

/// Three versions of a text: what both sides started from, and what each made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreeWay {
    /// From the start to one's own version.
    pub mine: Vec<DiffLine>,
    /// From the start to the other's version.
    pub theirs: Vec<DiffLine>,
    /// From the other's version to one's own: what saving would change.
    pub saving: Vec<DiffLine>,
    /// Lines of the start, counted from 1, that both sides changed in different ways.
    pub disputed: Vec<usize>,
}

/// Compares three versions.
#[must_use]
pub fn three_way(base: &str, mine: &str, theirs: &str) -> ThreeWay {
    let (by_me, by_them) = (compare(base, mine), compare(base, theirs));
    let disputed = if mine == theirs { Vec::new() } else { both(&touched(&by_me), &touched(&by_them)) };
    ThreeWay { mine: by_me, theirs: by_them, saving: compare(theirs, mine), disputed }
}

/// The lines of the old text that were removed, or before which lines were added.
fn touched(lines: &[DiffLine]) -> Vec<usize> {
    let mut out = Vec::new();
    let mut next = 1;
    let mut replaces = false;
    for line in lines {
        match line.kind {
            LineKind::Same => next += 1,
            LineKind::Removed => {
                out.push(next);
                next += 1;
            }
            // What stands for lines removed belongs to them.
            LineKind::Added if replaces => {}
            LineKind::Added => out.push(next),
        }
        replaces = line.kind == LineKind::Removed || (replaces && line.kind == LineKind::Added);
    }
    out.dedup();
    out
}

fn both(a: &[usize], b: &[usize]) -> Vec<usize> {
    a.iter().copied().filter(|line| b.contains(line)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(lines: &[DiffLine]) -> Vec<String> {
        let number = |n: Option<usize>| n.map_or_else(|| " ".to_owned(), |n| n.to_string());
        lines
            .iter()
            .map(|line| {
                let sign = match line.kind {
                    LineKind::Same => ' ',
                    LineKind::Removed => '-',
                    LineKind::Added => '+',
                };
                format!("{}{}{sign}{}", number(line.old), number(line.new), line.text)
            })
            .collect()
    }

    #[test]
    fn lines_have_both_numbers() {
        let lines = compare("a\nb\nc\n", "a\nB\nc\nd");
        assert_eq!(shown(&lines), ["11 a", "2 -b", " 2+B", "33 c", " 4+d"]);
        assert_eq!(changed_lines(&lines), 3);
    }

    #[test]
    fn line_ends_are_no_change() {
        assert_eq!(changed_lines(&compare("a\r\nb\r\n", "a\nb")), 0);
    }

    #[test]
    fn long_runs_are_folded() {
        let old: String = (1..=20).map(|n| format!("{n}\n")).collect();
        let new = old.replace("10\n", "ten\n");
        let pieces = fold(compare(&old, &new), 2);
        let folded: Vec<usize> = pieces
            .iter()
            .filter_map(|piece| match piece {
                DiffPiece::Folded(lines) => Some(lines.len()),
                DiffPiece::Line(_) => None,
            })
            .collect();
        assert_eq!(folded, [7, 8]);
        assert_eq!(pieces.len(), 2 + 6);
        let one = fold(compare("1\n2\n3\n4", "1\n2\n3\nfour"), 2);
        assert!(one.iter().all(|piece| matches!(piece, DiffPiece::Line(_))), "a fold of one line saves nothing");
    }

    #[test]
    fn both_sides_at_one_line() {
        let three = three_way("a\nb\nc", "a\nmine\nc", "a\ntheirs\nc\nd");
        assert_eq!(three.disputed, [2]);
        assert_eq!(shown(&three.saving), ["11 a", "2 -theirs", " 2+mine", "33 c", "4 -d"]);
        assert!(three_way("a\nb", "A\nb", "a\nB").disputed.is_empty());
        assert!(three_way("a", "b", "b").disputed.is_empty());
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_back(old in "([ab]{0,2}\n){0,8}", new in "([ab]{0,2}\n){0,8}", context in 0..3_usize) {
            let lines = compare(&old, &new);
            let side = |skip: LineKind| {
                lines.iter().filter(|l| l.kind != skip).map(|l| format!("{}\n", l.text)).collect::<String>()
            };
            prop_assert_eq!(side(LineKind::Added), old);
            prop_assert_eq!(side(LineKind::Removed), new);
            let unfolded: Vec<DiffLine> = fold(lines.clone(), context).into_iter().flat_map(|piece| match piece {
                DiffPiece::Line(line) => vec![line],
                DiffPiece::Folded(lines) => lines,
            }).collect();
            prop_assert_eq!(unfolded, lines);
        }
    }
}
