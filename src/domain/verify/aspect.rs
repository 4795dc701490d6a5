//! The shape of a picture: its width to its height.

use std::fmt;

/// A shape such as 16:9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Aspect {
    width: u32,
    height: u32,
}

impl Aspect {
    /// Reads `16:9`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (width, height) = text.split_once(':')?;
        let side = |text: &str| text.trim().parse::<u32>().ok().filter(|side| *side > 0);
        Some(Self { width: side(width)?, height: side(height)? })
    }

    /// Whether a picture is of this shape, give or take so many percent.
    #[must_use]
    pub fn fits(self, width: u32, height: u32, percent: f64) -> bool {
        let wanted = f64::from(self.width) / f64::from(self.height);
        let found = f64::from(width) / f64::from(height.max(1));
        (found / wanted - 1.0).abs() * 100.0 <= percent
    }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.width, self.height)
    }
}
