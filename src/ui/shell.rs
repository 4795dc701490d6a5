//! The frame around every screen: sidebar, top bar, tabs, strip, dialogs and toasts.

mod closing;
mod confirm;
mod notices;
pub mod palette;
pub mod sidebar;
mod topbar;

use egui::{Frame, Panel, Ui};

use crate::domain::format;
use crate::model::command::{Screen, Tab};
use crate::model::modal::Modal;
use crate::theme::{Tokens, measure};
use crate::ui::{Panels, UiCtx, check, permissions, setup};

/// The parts of the frame that remember something between frames.
#[derive(Debug, Default)]
pub struct Shell {
    sidebar: sidebar::Sidebar,
    palette: palette::Palette,
    confirm: confirm::ConfirmDialog,
    closing: closing::ClosingDialog,
}

impl Panels {
    /// Paints everything.
    pub fn ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let t = Tokens::of(ui);
        ui.painter().rect_filled(ui.max_rect(), 0, t.surface);
        let strip_height = match cx.model.screen {
            // The wizard's own buttons stay free.
            Screen::Setup => 0.0,
            _ => self.upload.strip_height(cx.model),
        };
        if strip_height > 0.0 {
            let strip = Panel::bottom("strip").exact_size(strip_height).resizable(false).show_separator_line(false);
            strip.frame(Frame::NONE).show(ui, |ui| self.upload.strip_ui(ui, cx));
        }
        let framed = cx.model.session.is_some() && !matches!(cx.model.screen, Screen::Start | Screen::Setup);
        if framed {
            self.framed_ui(ui, cx);
        } else {
            self.screen_ui(ui, cx);
        }
        self.gallery.viewer_ui(ui, cx);
        self.upload.drop_ui(ui, cx);
        match &cx.model.modal {
            None => {}
            Some(Modal::Palette) => self.shell.palette.ui(ui, cx),
            Some(Modal::Confirm(confirm)) => self.shell.confirm.ui(ui, cx, confirm),
            Some(Modal::UploadPlan) => self.upload.plan_ui(ui, cx),
            Some(Modal::PracticeUser(user)) => self.settings.user_ui(ui, cx, user.as_ref()),
            Some(Modal::BucketSetting) => self.bucket_settings.setting_dialog_ui(ui, cx),
            Some(Modal::ObjectAccess) => self.gallery.access_dialog_ui(ui, cx),
            Some(Modal::BucketExport) => self.bucket_settings.export_dialog_ui(ui, cx),
            Some(Modal::BucketRemoval) => self.bucket_settings.removal_dialog_ui(ui, cx),
            Some(Modal::UnfinishedUploads) => self.bucket_settings.unfinished_dialog_ui(ui, cx),
            Some(Modal::LifecycleDryRun) => self.bucket_settings.dry_run_dialog_ui(ui, cx),
            Some(Modal::PolicyReview) => permissions::review_ui(ui, cx),
            Some(Modal::PolicyHistory) => permissions::history_ui(ui, cx),
            Some(Modal::CheckFix) => check::fix_dialog_ui(ui, cx),
            Some(Modal::WhyRefused(_)) => check::refused_dialog_ui(ui, cx),
        }
        self.shell.closing.ui(ui, cx);
        let above = match cx.model.screen {
            Screen::Setup => setup::FOOT,
            Screen::Browse => strip_height + check::foot(cx.model),
            Screen::Start | Screen::Transfers | Screen::Notices | Screen::Settings | Screen::Connection => strip_height,
        };
        notices::toasts_ui(ui, cx, above);
    }

    fn framed_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let narrow = ui.max_rect().width() < measure::width::NARROW_BELOW;
        let folded = narrow || !cx.model.settings.sidebar_open;
        let width = if folded { measure::width::RAIL } else { measure::width::SIDEBAR };
        Panel::left("sidebar").exact_size(width).resizable(false).frame(Frame::NONE).show(ui, |ui| {
            self.shell.sidebar.ui(ui, cx, folded);
        });
        self.screen_ui(ui, cx);
    }

    fn screen_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        match cx.model.screen {
            Screen::Start => self.start.ui(ui, cx),
            Screen::Setup => self.setup.ui(ui, cx),
            Screen::Transfers => self.upload.transfers_ui(ui, cx),
            Screen::Notices => {
                let (now, zone) = (cx.now, cx.zone);
                notices::history_ui(ui, cx, |at| format::date_time(at, now, zone));
            }
            Screen::Settings => self.settings.ui(ui, cx),
            Screen::Connection => self.connection_page.ui(ui, cx),
            Screen::Browse => self.browse_ui(ui, cx),
        }
    }

    fn browse_ui(&mut self, ui: &mut Ui, cx: &mut UiCtx<'_>) {
        let model = cx.model;
        let Some(session) = &model.session else { return };
        let bar = |name: &'static str, size: f32| {
            Panel::top(name).exact_size(size).resizable(false).show_separator_line(false).frame(Frame::NONE)
        };
        bar("topbar", measure::height::TOP_BAR).show(ui, |ui| topbar::topbar_ui(ui, cx, session));
        if session.place.is_some() {
            bar("tabs", measure::height::TABS).show(ui, |ui| topbar::tabs_ui(ui, cx, session));
            match session.tab {
                Tab::Gallery => self.gallery.ui(ui, cx),
                Tab::Permissions => self.permissions.ui(ui, cx),
                Tab::Settings => self.bucket_settings.ui(ui, cx),
                Tab::Check => self.check.ui(ui, cx),
            }
        } else {
            self.start.no_bucket_ui(ui, cx, session);
        }
    }
}
