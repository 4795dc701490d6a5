//! Names for the glyphs of the bundled Phosphor fonts.
//!
//! Regular and Fill share their code points: the weight is chosen by the font family
//! (see [`crate::theme::fonts`]). Code points are those of the fonts in `assets/fonts`.

/// One glyph of the icon fonts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Icon(char);

impl Icon {
    /// The code point of this icon in both icon fonts.
    pub const fn char(self) -> char {
        self.0
    }
}

impl std::fmt::Display for Icon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Phosphor `upload-simple`.
pub const UPLOAD_SIMPLE: Icon = Icon('\u{e4c0}');
/// Phosphor `download-simple`.
pub const DOWNLOAD_SIMPLE: Icon = Icon('\u{e20c}');
/// Phosphor `copy`.
pub const COPY: Icon = Icon('\u{e1ca}');
/// Phosphor `trash`.
pub const TRASH: Icon = Icon('\u{e4a6}');
/// Phosphor `folder`.
pub const FOLDER: Icon = Icon('\u{e24a}');
/// Phosphor `folder-simple`.
pub const FOLDER_SIMPLE: Icon = Icon('\u{e25a}');
/// Phosphor `folder-plus`.
pub const FOLDER_PLUS: Icon = Icon('\u{e258}');
/// Phosphor `images`.
pub const IMAGES: Icon = Icon('\u{e836}');
/// Phosphor `image`.
pub const IMAGE: Icon = Icon('\u{e2ca}');
/// Phosphor `image-square`.
pub const IMAGE_SQUARE: Icon = Icon('\u{e2cc}');
/// Phosphor `image-broken`.
pub const IMAGE_BROKEN: Icon = Icon('\u{e7a8}');
/// Phosphor `list-dashes`.
pub const LIST_DASHES: Icon = Icon('\u{e2f4}');
/// Phosphor `shield-check`.
pub const SHIELD_CHECK: Icon = Icon('\u{e40c}');
/// Phosphor `sliders-horizontal`.
pub const SLIDERS_HORIZONTAL: Icon = Icon('\u{e434}');
/// Phosphor `stethoscope`.
pub const STETHOSCOPE: Icon = Icon('\u{e7ea}');
/// Phosphor `globe-simple`: open to the internet.
pub const GLOBE_SIMPLE: Icon = Icon('\u{e28e}');
/// Phosphor `lock-simple`: private.
pub const LOCK_SIMPLE: Icon = Icon('\u{e308}');
/// Phosphor `lock-simple-open`: over http.
pub const LOCK_SIMPLE_OPEN: Icon = Icon('\u{e30a}');
/// Phosphor `question`: could not be read.
pub const QUESTION: Icon = Icon('\u{e3e8}');
/// Phosphor `stack`: buckets.
pub const STACK: Icon = Icon('\u{e466}');
/// Phosphor `star`.
pub const STAR: Icon = Icon('\u{e46a}');
/// Phosphor `arrows-down-up`: transfers.
pub const ARROWS_DOWN_UP: Icon = Icon('\u{e098}');
/// Phosphor `bell`.
pub const BELL: Icon = Icon('\u{e0ce}');
/// Phosphor `gear-six`.
pub const GEAR_SIX: Icon = Icon('\u{e272}');
/// Phosphor `desktop`: practice storage.
pub const DESKTOP: Icon = Icon('\u{e560}');
/// Phosphor `cloud`: Amazon S3.
pub const CLOUD: Icon = Icon('\u{e1aa}');
/// Phosphor `hard-drives`: another store.
pub const HARD_DRIVES: Icon = Icon('\u{e2a0}');
/// Phosphor `key`.
pub const KEY: Icon = Icon('\u{e2d6}');
/// Phosphor `link-simple`.
pub const LINK_SIMPLE: Icon = Icon('\u{e2e6}');
/// Phosphor `arrow-square-out`.
pub const ARROW_SQUARE_OUT: Icon = Icon('\u{e5de}');
/// Phosphor `arrows-out-simple`: open large.
pub const ARROWS_OUT_SIMPLE: Icon = Icon('\u{e0a6}');
/// Phosphor `magnifying-glass`.
pub const MAGNIFYING_GLASS: Icon = Icon('\u{e30c}');
/// Phosphor `magnifying-glass-plus`.
pub const MAGNIFYING_GLASS_PLUS: Icon = Icon('\u{e310}');
/// Phosphor `magnifying-glass-minus`.
pub const MAGNIFYING_GLASS_MINUS: Icon = Icon('\u{e30e}');
/// Phosphor `list-magnifying-glass`: commands.
pub const LIST_MAGNIFYING_GLASS: Icon = Icon('\u{ebe0}');
/// Phosphor `funnel-simple`.
pub const FUNNEL_SIMPLE: Icon = Icon('\u{e268}');
/// Phosphor `sort-ascending`.
pub const SORT_ASCENDING: Icon = Icon('\u{e444}');
/// Phosphor `squares-four`.
pub const SQUARES_FOUR: Icon = Icon('\u{e464}');
/// Phosphor `rows`.
pub const ROWS: Icon = Icon('\u{e5a2}');
/// Phosphor `table`.
pub const TABLE: Icon = Icon('\u{e476}');
/// Phosphor `arrow-left`.
pub const ARROW_LEFT: Icon = Icon('\u{e058}');
/// Phosphor `arrow-right`.
pub const ARROW_RIGHT: Icon = Icon('\u{e06c}');
/// Phosphor `arrow-up`.
pub const ARROW_UP: Icon = Icon('\u{e08e}');
/// Phosphor `caret-left`.
pub const CARET_LEFT: Icon = Icon('\u{e138}');
/// Phosphor `caret-right`.
pub const CARET_RIGHT: Icon = Icon('\u{e13a}');
/// Phosphor `caret-up`.
pub const CARET_UP: Icon = Icon('\u{e13c}');
/// Phosphor `caret-down`.
pub const CARET_DOWN: Icon = Icon('\u{e136}');
/// Phosphor `caret-up-down`.
pub const CARET_UP_DOWN: Icon = Icon('\u{e140}');
/// Phosphor `sidebar-simple`.
pub const SIDEBAR_SIMPLE: Icon = Icon('\u{ec24}');
/// Phosphor `arrows-clockwise`.
pub const ARROWS_CLOCKWISE: Icon = Icon('\u{e094}');
/// Phosphor `arrow-clockwise`: retry.
pub const ARROW_CLOCKWISE: Icon = Icon('\u{e036}');
/// Phosphor `arrow-u-up-left`: undo.
pub const ARROW_U_UP_LEFT: Icon = Icon('\u{e08a}');
/// Phosphor `arrow-u-up-right`: redo.
pub const ARROW_U_UP_RIGHT: Icon = Icon('\u{e08c}');
/// Phosphor `pause`.
pub const PAUSE: Icon = Icon('\u{e39e}');
/// Phosphor `play`.
pub const PLAY: Icon = Icon('\u{e3d0}');
/// Phosphor `x`.
pub const X: Icon = Icon('\u{e4f6}');
/// Phosphor `plus`.
pub const PLUS: Icon = Icon('\u{e3d4}');
/// Phosphor `minus`.
pub const MINUS: Icon = Icon('\u{e32a}');
/// Phosphor `check`.
pub const CHECK: Icon = Icon('\u{e182}');
/// Phosphor `check-circle`.
pub const CHECK_CIRCLE: Icon = Icon('\u{e184}');
/// Phosphor `x-circle`.
pub const X_CIRCLE: Icon = Icon('\u{e4f8}');
/// Phosphor `warning`.
pub const WARNING: Icon = Icon('\u{e4e0}');
/// Phosphor `warning-circle`: error in text.
pub const WARNING_CIRCLE: Icon = Icon('\u{e4e2}');
/// Phosphor `info`.
pub const INFO: Icon = Icon('\u{e2ce}');
/// Phosphor `prohibit`.
pub const PROHIBIT: Icon = Icon('\u{e3de}');
/// Phosphor `minus-circle`: not applicable.
pub const MINUS_CIRCLE: Icon = Icon('\u{e32c}');
/// Phosphor `eye`.
pub const EYE: Icon = Icon('\u{e220}');
/// Phosphor `eye-slash`.
pub const EYE_SLASH: Icon = Icon('\u{e224}');
/// Phosphor `seal-check`: proof.
pub const SEAL_CHECK: Icon = Icon('\u{e606}');
/// Phosphor `clock-counter-clockwise`: versions, history.
pub const CLOCK_COUNTER_CLOCKWISE: Icon = Icon('\u{e1a0}');
/// Phosphor `clock-countdown`: lifecycle.
pub const CLOCK_COUNTDOWN: Icon = Icon('\u{ed2c}');
/// Phosphor `share-network`: CORS.
pub const SHARE_NETWORK: Icon = Icon('\u{e408}');
/// Phosphor `tag`.
pub const TAG: Icon = Icon('\u{e478}');
/// Phosphor `lock-key`: encryption.
pub const LOCK_KEY: Icon = Icon('\u{e2fe}');
/// Phosphor `identification-card`: ownership.
pub const IDENTIFICATION_CARD: Icon = Icon('\u{e2c8}');
/// Phosphor `user-circle`.
pub const USER_CIRCLE: Icon = Icon('\u{e4c4}');
/// Phosphor `identification-badge`: role.
pub const IDENTIFICATION_BADGE: Icon = Icon('\u{e6f6}');
/// Phosphor `buildings`: another account.
pub const BUILDINGS: Icon = Icon('\u{e102}');
/// Phosphor `terminal-window`: command line.
pub const TERMINAL_WINDOW: Icon = Icon('\u{eae8}');
/// Phosphor `brackets-curly`.
pub const BRACKETS_CURLY: Icon = Icon('\u{e860}');
/// Phosphor `code`.
pub const CODE: Icon = Icon('\u{e1bc}');
/// Phosphor `git-diff`.
pub const GIT_DIFF: Icon = Icon('\u{e27c}');
/// Phosphor `wrench`: fix.
pub const WRENCH: Icon = Icon('\u{e5d4}');
/// Phosphor `map-pin`: location.
pub const MAP_PIN: Icon = Icon('\u{e316}');
/// Phosphor `file`.
pub const FILE: Icon = Icon('\u{e230}');
/// Phosphor `file-text`.
pub const FILE_TEXT: Icon = Icon('\u{e23a}');
/// Phosphor `file-pdf`.
pub const FILE_PDF: Icon = Icon('\u{e702}');
/// Phosphor `file-video`.
pub const FILE_VIDEO: Icon = Icon('\u{ea22}');
/// Phosphor `file-archive`.
pub const FILE_ARCHIVE: Icon = Icon('\u{eb2a}');
/// Phosphor `gauge`.
pub const GAUGE: Icon = Icon('\u{e628}');
/// Phosphor `browser`: website.
pub const BROWSER: Icon = Icon('\u{e0f4}');
/// Phosphor `export`.
pub const EXPORT: Icon = Icon('\u{eaf0}');
/// Phosphor `play-circle`: dry run.
pub const PLAY_CIRCLE: Icon = Icon('\u{e3d2}');
/// Phosphor `text-align-left`: tidy.
pub const TEXT_ALIGN_LEFT: Icon = Icon('\u{e484}');
/// Phosphor `text-aa`: name cleaned.
pub const TEXT_AA: Icon = Icon('\u{e6ee}');
/// Phosphor `copy-simple`: name taken.
pub const COPY_SIMPLE: Icon = Icon('\u{e1cc}');
/// Phosphor `equals`: same bytes.
pub const EQUALS: Icon = Icon('\u{e21c}');
/// Phosphor `hash`.
pub const HASH: Icon = Icon('\u{e2a2}');
/// Phosphor `link-break`.
pub const LINK_BREAK: Icon = Icon('\u{e2e4}');
/// Phosphor `cursor-click`.
pub const CURSOR_CLICK: Icon = Icon('\u{e7c8}');
/// Phosphor `trash-simple`.
pub const TRASH_SIMPLE: Icon = Icon('\u{e4a8}');
/// Phosphor `dots-three`.
pub const DOTS_THREE: Icon = Icon('\u{e1fe}');
/// Phosphor `dots-three-vertical`.
pub const DOTS_THREE_VERTICAL: Icon = Icon('\u{e208}');

/// Every icon above with its Phosphor name, for tests and the component page.
pub const ALL: &[(&str, Icon)] = &[
    ("upload-simple", UPLOAD_SIMPLE),
    ("download-simple", DOWNLOAD_SIMPLE),
    ("copy", COPY),
    ("trash", TRASH),
    ("folder", FOLDER),
    ("folder-simple", FOLDER_SIMPLE),
    ("folder-plus", FOLDER_PLUS),
    ("images", IMAGES),
    ("image", IMAGE),
    ("image-square", IMAGE_SQUARE),
    ("image-broken", IMAGE_BROKEN),
    ("list-dashes", LIST_DASHES),
    ("shield-check", SHIELD_CHECK),
    ("sliders-horizontal", SLIDERS_HORIZONTAL),
    ("stethoscope", STETHOSCOPE),
    ("globe-simple", GLOBE_SIMPLE),
    ("lock-simple", LOCK_SIMPLE),
    ("lock-simple-open", LOCK_SIMPLE_OPEN),
    ("question", QUESTION),
    ("stack", STACK),
    ("star", STAR),
    ("arrows-down-up", ARROWS_DOWN_UP),
    ("bell", BELL),
    ("gear-six", GEAR_SIX),
    ("desktop", DESKTOP),
    ("cloud", CLOUD),
    ("hard-drives", HARD_DRIVES),
    ("key", KEY),
    ("link-simple", LINK_SIMPLE),
    ("arrow-square-out", ARROW_SQUARE_OUT),
    ("arrows-out-simple", ARROWS_OUT_SIMPLE),
    ("magnifying-glass", MAGNIFYING_GLASS),
    ("magnifying-glass-plus", MAGNIFYING_GLASS_PLUS),
    ("magnifying-glass-minus", MAGNIFYING_GLASS_MINUS),
    ("list-magnifying-glass", LIST_MAGNIFYING_GLASS),
    ("funnel-simple", FUNNEL_SIMPLE),
    ("sort-ascending", SORT_ASCENDING),
    ("squares-four", SQUARES_FOUR),
    ("rows", ROWS),
    ("table", TABLE),
    ("arrow-left", ARROW_LEFT),
    ("arrow-right", ARROW_RIGHT),
    ("arrow-up", ARROW_UP),
    ("caret-left", CARET_LEFT),
    ("caret-right", CARET_RIGHT),
    ("caret-up", CARET_UP),
    ("caret-down", CARET_DOWN),
    ("caret-up-down", CARET_UP_DOWN),
    ("sidebar-simple", SIDEBAR_SIMPLE),
    ("arrows-clockwise", ARROWS_CLOCKWISE),
    ("arrow-clockwise", ARROW_CLOCKWISE),
    ("arrow-u-up-left", ARROW_U_UP_LEFT),
    ("arrow-u-up-right", ARROW_U_UP_RIGHT),
    ("pause", PAUSE),
    ("play", PLAY),
    ("x", X),
    ("plus", PLUS),
    ("minus", MINUS),
    ("check", CHECK),
    ("check-circle", CHECK_CIRCLE),
    ("x-circle", X_CIRCLE),
    ("warning", WARNING),
    ("warning-circle", WARNING_CIRCLE),
    ("info", INFO),
    ("prohibit", PROHIBIT),
    ("minus-circle", MINUS_CIRCLE),
    ("eye", EYE),
    ("eye-slash", EYE_SLASH),
    ("seal-check", SEAL_CHECK),
    ("clock-counter-clockwise", CLOCK_COUNTER_CLOCKWISE),
    ("clock-countdown", CLOCK_COUNTDOWN),
    ("share-network", SHARE_NETWORK),
    ("tag", TAG),
    ("lock-key", LOCK_KEY),
    ("identification-card", IDENTIFICATION_CARD),
    ("user-circle", USER_CIRCLE),
    ("identification-badge", IDENTIFICATION_BADGE),
    ("buildings", BUILDINGS),
    ("terminal-window", TERMINAL_WINDOW),
    ("brackets-curly", BRACKETS_CURLY),
    ("code", CODE),
    ("git-diff", GIT_DIFF),
    ("wrench", WRENCH),
    ("map-pin", MAP_PIN),
    ("file", FILE),
    ("file-text", FILE_TEXT),
    ("file-pdf", FILE_PDF),
    ("file-video", FILE_VIDEO),
    ("file-archive", FILE_ARCHIVE),
    ("gauge", GAUGE),
    ("browser", BROWSER),
    ("export", EXPORT),
    ("play-circle", PLAY_CIRCLE),
    ("text-align-left", TEXT_ALIGN_LEFT),
    ("text-aa", TEXT_AA),
    ("copy-simple", COPY_SIMPLE),
    ("equals", EQUALS),
    ("hash", HASH),
    ("link-break", LINK_BREAK),
    ("cursor-click", CURSOR_CLICK),
    ("trash-simple", TRASH_SIMPLE),
    ("dots-three", DOTS_THREE),
    ("dots-three-vertical", DOTS_THREE_VERTICAL),
];
