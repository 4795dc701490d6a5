//! Options that commands share which change something.

/// How much is done at once, and what is said of it.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Doing {
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// One JSON object a line
    #[arg(long)]
    pub(super) json: bool,
    /// Say only what could not be done
    #[arg(long, short)]
    pub(super) quiet: bool,
    /// So many requests at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    concurrency: Option<u16>,
}

impl Doing {
    /// How many requests at once, unless a number was given.
    pub(super) fn at_once(&self, usual: u16) -> usize {
        self.concurrency.unwrap_or(usual).into()
    }
}

/// What becomes of something whose name is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum IfExists {
    /// What is there stays
    Skip,
    /// What is there is replaced
    Overwrite,
    /// Both are kept: the new one gets a number
    Rename,
    /// What is there is replaced if it is older
    Newer,
    /// What is there is replaced if its size, checksum or ETag is another
    Different,
}

/// The option that says so.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Taken {
    /// What to do where the name is taken
    #[arg(long, value_name = "WHAT", value_enum, default_value_t = IfExists::Skip)]
    pub(super) if_exists: IfExists,
}
