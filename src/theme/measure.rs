//! Measures in points: spaces, radii, heights and durations.

/// Corner radii.
pub mod radius {
    /// Badge, checkbox, small button, menu row.
    pub const SMALL: u8 = 4;
    /// Control, thumbnail, tree row.
    pub const CONTROL: u8 = 6;
    /// Banner, menu, toast, folder.
    pub const BOX: u8 = 8;
    /// Card, option.
    pub const CARD: u8 = 10;
    /// Dialog, vessel.
    pub const DIALOG: u8 = 12;
}

/// Heights of controls and rows.
pub mod height {
    /// Small control.
    pub const SMALL: f32 = 24.0;
    /// Regular control.
    pub const REGULAR: f32 = 30.0;
    /// Large control: dialogs, wizard, start.
    pub const LARGE: f32 = 36.0;
    /// Badge and token.
    pub const BADGE: f32 = 20.0;
    /// Key cap.
    pub const KEY_CAP: f32 = 18.0;
    /// Checkbox and radio.
    pub const CHECK: f32 = 16.0;
    /// Row of a tree, a menu, or the head of a table.
    pub const ROW_TREE: f32 = 28.0;
    /// Row of a table.
    pub const ROW_TABLE: f32 = 32.0;
    /// Row of a table with two lines.
    pub const ROW_TABLE_TWO: f32 = 44.0;
    /// Row of the command palette.
    pub const ROW_PALETTE: f32 = 34.0;
    /// Folder card.
    pub const FOLDER: f32 = 44.0;
    /// Recent connection.
    pub const RECENT: f32 = 48.0;
    /// Call of a plan.
    pub const ROW_CALL: f32 = 41.0;
    /// Top bar of the window, and the row with the product mark beside it.
    pub const TOP_BAR: f32 = 52.0;
    /// Tabs under the top bar.
    pub const TABS: f32 = 40.0;
    /// Toolbar under the tabs.
    pub const TOOLBAR: f32 = 46.0;
    /// Transfer strip at the bottom.
    pub const STRIP: f32 = 36.0;
}

/// Widths of areas and layers.
pub mod width {
    /// Sidebar.
    pub const SIDEBAR: f32 = 224.0;
    /// Sidebar folded to a rail, in narrow windows.
    pub const RAIL: f32 = 52.0;
    /// Inspector.
    pub const INSPECTOR: f32 = 304.0;
    /// Inspector in narrow windows.
    pub const INSPECTOR_NARROW: f32 = 288.0;
    /// Window width under which the sidebar folds.
    pub const NARROW_BELOW: f32 = 1120.0;
    /// Toast.
    pub const TOAST: f32 = 360.0;
}

/// Durations in seconds.
pub mod motion {
    /// Hover and press.
    pub const HOVER_SECS: f32 = 0.09;
    /// Menu, toast and segment.
    pub const POPUP_SECS: f32 = 0.14;
    /// Dialog, inspector and strip.
    pub const PANEL_SECS: f32 = 0.18;
    /// Vessel rising.
    pub const VESSEL_SECS: f32 = 0.24;
    /// One step of a level icon without a known total.
    pub const LEVEL_STEP_SECS: f32 = 0.4;
    /// Before a tooltip.
    pub const TOOLTIP_SECS: f32 = 0.5;
}
