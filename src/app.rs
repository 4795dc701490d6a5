//! The application as a window: one frame after the other.

pub mod core;
pub mod deps;
mod desktop;
pub mod dispatch;
pub mod event;
mod intake;
mod pace;
mod persons_file;
mod shortcuts;
mod trouble;
pub mod window;

use std::sync::Arc;

use egui::{Context, Ui, ViewportCommand};

use crate::images::pipeline::{ThumbKey, ThumbResult};
use crate::model::Command;
use crate::model::command::FrameCommand;
use crate::theme;
use crate::ui::{Panels, UiCtx};

use core::{Core, Effect};

/// So many small pictures are handed to the graphics card in one frame, to keep frames short.
const THUMBS_PER_FRAME: usize = 12;

/// A frame that takes longer than this is felt; the log tells of it.
const SLOW_FRAME_SECS: f32 = 0.05;

/// The application as eframe runs it.
pub struct App {
    /// Everything but the window.
    pub core: Core,
    panels: Panels,
    commands: Vec<Command>,
    /// Small pictures that came in since the last frame.
    thumbs: Vec<(ThumbKey, ThumbResult)>,
    /// The theme that was last asked for, to set it only when it changes.
    applied: Option<(crate::store::settings::Theme, f32)>,
    /// The window's title.
    title: String,
}

impl App {
    /// Puts the application into a window.
    #[must_use]
    pub fn new(ctx: &Context, core: Core) -> Self {
        theme::install(ctx);
        core.worker.wake_slot().set(Arc::new(pace::WakeWindow::new(ctx.clone())).into());
        Self {
            core,
            panels: Panels::default(),
            commands: Vec::new(),
            thumbs: Vec::new(),
            applied: None,
            title: String::new(),
        }
    }

    /// Takes in what the background has to say; also while the window is hidden.
    pub fn logic(&mut self, ctx: &Context) {
        let close = ctx.input(|input| input.viewport().close_requested());
        if close && !dispatch::closing::may_close(&self.core) {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.core.dispatch(FrameCommand::AskToClose.into());
        }
        self.core.tick();
        self.apply_settings(ctx);
        self.carry_out(ctx);
        let title = self.core.model.upload.transfers.window_title();
        if self.title != title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
        let waits = [dispatch::closing::wait(&self.core), dispatch::check::wait(&self.core)];
        if let Some(wait) = waits.into_iter().flatten().min() {
            ctx.request_repaint_after(wait);
        }
    }

    /// Paints one frame and carries out what was asked for in it.
    pub fn ui(&mut self, ui: &mut Ui) {
        intake::take_in(ui, &self.core.model, &mut self.commands);
        shortcuts::take_in(ui, &self.core.model, &mut self.commands);
        let now = (self.core.deps.now)();
        self.thumbs.extend(self.core.parts.pictures.take_ready(THUMBS_PER_FRAME));
        if self.thumbs.len() >= THUMBS_PER_FRAME {
            ui.ctx().request_repaint();
        }
        let mut cx = UiCtx {
            model: &self.core.model,
            commands: &mut self.commands,
            thumbs: &mut self.thumbs,
            now,
            zone: &self.core.deps.zone,
        };
        self.panels.ui(ui, &mut cx);
        self.thumbs.clear();
        for command in std::mem::take(&mut self.commands) {
            self.core.dispatch(command);
        }
        self.carry_out(ui.ctx());
    }

    /// Does what only the window can do.
    fn carry_out(&mut self, ctx: &Context) {
        for effect in std::mem::take(&mut self.core.effects) {
            match effect {
                Effect::Copy(text) => ctx.copy_text(text),
                Effect::OpenUrl(url) => ctx.open_url(egui::OpenUrl::new_tab(url)),
                Effect::Minimize => ctx.send_viewport_cmd(ViewportCommand::Minimized(true)),
                Effect::ToFront => {
                    if ctx.input(|input| input.viewport().minimized == Some(true)) {
                        ctx.send_viewport_cmd(ViewportCommand::Minimized(false));
                    }
                    ctx.send_viewport_cmd(ViewportCommand::Focus);
                }
                Effect::AskForAttention(said) => {
                    if ctx.input(|input| input.viewport().focused == Some(false)) {
                        let attention = egui::UserAttentionType::Informational;
                        ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(attention));
                        desktop::say(&self.core.worker.handle(), said);
                    }
                }
                Effect::Close => ctx.send_viewport_cmd(ViewportCommand::Close),
            }
        }
    }

    fn apply_settings(&mut self, ctx: &Context) {
        use crate::store::settings::Theme;
        let wanted = (self.core.model.settings.theme, self.core.model.settings.ui_scale);
        if self.applied == Some(wanted) {
            return;
        }
        self.applied = Some(wanted);
        ctx.set_theme(match wanted.0 {
            Theme::System => egui::ThemePreference::System,
            Theme::Light => egui::ThemePreference::Light,
            Theme::Dark => egui::ThemePreference::Dark,
        });
        ctx.set_zoom_factor(wanted.1);
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, _frame: &mut eframe::Frame) {
        Self::logic(self, ctx);
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        Self::ui(self, ui);
        // What the frame before cost on this thread, without waiting for the screen.
        if let Some(secs) = frame.info().cpu_usage.filter(|secs| *secs > SLOW_FRAME_SECS) {
            tracing::warn!(millis = (secs * 1000.0).round(), screen = ?self.core.model.screen, "slow frame");
        }
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
