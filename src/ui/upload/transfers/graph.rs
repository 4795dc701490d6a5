use egui::epaint::{BandPoint, BandShape};
use egui::{Align2, Margin, Pos2, Rect, Shape, Stroke, Ui, pos2, vec2};

use crate::domain::format;
use crate::model::upload::transfers::{GRAPH_SECS, Transfers};
use crate::theme::{Tokens, Type};
use crate::ui::widgets::paint;

/// Height of the drawing, below the words.
const HIGH: f32 = 92.0;

/// Bytes a second over the last two minutes, the newest at the right.
pub(super) fn graph_ui(ui: &Ui, rect: Rect, transfers: &Transfers) {
    let t = Tokens::of(ui);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let plot = Rect::from_min_max(pos2(rect.left(), rect.bottom() - HIGH), rect.max);
    for share in [0.703, 0.428, 0.153] {
        let y = (plot.top() + plot.height() * share).round() + 0.5;
        painter.hline(plot.x_range(), y, Stroke::new(1.0, t.stroke));
    }
    let values = &transfers.pace().graph;
    let peak = values.iter().copied().fold(0.0_f64, f64::max);
    if peak > 0.0 && values.len() > 1 {
        let step = plot.width() / (GRAPH_SECS - 1) as f32;
        let first = GRAPH_SECS.saturating_sub(values.len());
        let line: Vec<Pos2> = smooth(values)
            .enumerate()
            .map(|(index, value)| {
                let x = plot.left() + (first + index) as f32 * step;
                pos2(x, plot.bottom() - (value / peak) as f32 * plot.height() * 0.84)
            })
            .collect();
        let band = line.iter().map(|at| BandPoint::new(at.x, at.y..=plot.bottom()));
        painter.add(BandShape::filled(band.collect(), t.water_pale));
        painter.add(Shape::line(line, Stroke::new(2.0, t.water)));
    }
    let words = rect - Margin { left: 20, right: 20, top: 12, bottom: 0 };
    let now = transfers.pace().rate.map_or_else(|| "Nothing moves".to_owned(), format::rate);
    let galley = paint::line(ui, Type::BodyMedium, t.text, now);
    let shown = paint::galley_at(&painter, Align2::LEFT_TOP, words.min, galley);
    let most = if peak > 0.0 { format!("Peak {} in the last 2 minutes", format::rate(peak)) } else { String::new() };
    let room = words.right() - shown.right() - 12.0;
    let galley = paint::line_within(ui, Type::Small, t.text_3, most, room);
    paint::galley_at(&painter, Align2::RIGHT_TOP, words.right_top() + vec2(0.0, 1.0), galley);
}

/// The mean of each value and its neighbours: the graph is to be read, not measured.
fn smooth(values: &[f64]) -> impl Iterator<Item = f64> {
    (0..values.len()).map(|at| {
        let near = &values[at.saturating_sub(1)..(at + 2).min(values.len())];
        near.iter().sum::<f64>() / near.len() as f64
    })
}
