//! `brimful practice`: the store alone, in the foreground.

use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Options, PracticeError, Reach, Server, User, lifecycle};

/// Arguments of `brimful practice`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The folder of the store; made where it is missing [default: the practice folder of this person]
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// The port [default: the one of last time, or a free one]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// The address to listen on; one that is not of this computer alone lets others in [default: 127.0.0.1]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<IpAddr>,
    /// Let the lifecycle rules of all buckets act once as if it were this day, tell what they did, and end
    #[arg(long, value_name = "DATE", value_parser = moment, conflicts_with_all = ["port", "listen", "users", "removed"])]
    pub run_lifecycle_at: Option<jiff::Timestamp>,
    /// Adds a user, or replaces the one of this name and account; may be given several times
    ///
    /// Without an account the user belongs to that of the store. Without a policy the user may do everything that the
    /// account may; POLICY.json is an identity policy, so it names no principal. A user named `root` is the root of its
    /// account. Users are kept in the folder (users.json, readable by you alone). Other people of this computer can
    /// see the arguments of a program: give no key here that opens anything else.
    #[arg(long = "user", value_name = "NAME:ACCESS_KEY:SECRET_KEY[:ACCOUNT_ID[:POLICY.json]]")]
    pub users: Vec<User>,
    /// Removes the user with this access key; may be given several times
    #[arg(long = "remove-user", value_name = "ACCESS_KEY")]
    pub removed: Vec<String>,
}

/// A day, at midnight UTC, or a moment like `2030-01-01T12:00:00Z`.
fn moment(text: &str) -> Result<jiff::Timestamp, String> {
    let day = || {
        let midnight = text.parse::<jiff::civil::Date>()?.at(0, 0, 0, 0);
        Ok::<_, jiff::Error>(midnight.to_zoned_datetime(jiff::tz::TimeZone::UTC)?.timestamp())
    };
    text.parse::<jiff::Timestamp>()
        .or_else(|_| day())
        .map_err(|_| "write it as 2030-01-31 or 2030-01-31T12:00:00Z".to_owned())
}

/// The folder of practice storage unless the person chose another: `practice` in the folder that `BRIMFUL_HOME` names,
/// or else in the platform's folder for application data.
#[must_use]
pub fn default_dir() -> Option<PathBuf> {
    let home = std::env::var_os("BRIMFUL_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let platform = || directories::ProjectDirs::from("", "", "brimful").map(|dirs| dirs.data_dir().to_owned());
    Some(home.or_else(platform)?.join("practice"))
}

/// Serves until Ctrl-C or SIGTERM. Prints how to reach the store as shell exports on the standard output, and
/// everything else on the standard error.
#[must_use]
pub fn run(args: Args) -> ExitCode {
    let Some(dir) = args.dir.or_else(default_dir) else {
        return fail("No folder for the practice store is known here: name one with --dir");
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("The practice store cannot start: {error}")),
    };
    let mut reach = Reach::default();
    reach.address = args.listen.unwrap_or(reach.address);
    let outcome = match args.run_lifecycle_at {
        Some(at) => runtime.block_on(run_lifecycle(&dir, at)),
        None => runtime.block_on(serve(Options { dir, port: args.port }, reach, args.users, &args.removed)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

fn fail(message: &str) -> ExitCode {
    let _ = writeln!(io::stderr(), "{message}");
    ExitCode::FAILURE
}

async fn serve(options: Options, reach: Reach, added: Vec<User>, removed: &[String]) -> Result<(), PracticeError> {
    let stopped = stop_signal()?;
    let server = Server::start_within(options, reach).await?;
    if !added.is_empty() || !removed.is_empty() {
        let users = changed(server.users(), added, removed, server.account_id());
        if let Err(error) = server.set_users(users) {
            server.shutdown().await;
            return Err(error);
        }
    }
    if !server.address().ip().is_loopback() {
        let _ = writeln!(
            io::stderr(),
            "Warning: listening on {}. Anyone who reaches this address reads what is public here and can write where a              policy lets everybody write, and nothing is encrypted on the way. Leave --listen out to serve this computer              alone.",
            server.address()
        );
    }
    if let Some(port) = server.moved_from() {
        let _ = writeln!(
            io::stderr(),
            "Port {port} of last time is taken by another program: URLs with it do not lead here"
        );
    }
    // A closed standard output is no reason to stop serving.
    let _ = write!(io::stdout(), "{}", exports(&server)).and_then(|()| io::stdout().flush());
    let website = server.website_endpoint().replacen("http://", "http://BUCKET.", 1);
    let _ = writeln!(io::stderr(), "Websites of buckets: {website}");
    let _ = writeln!(io::stderr(), "Serving {} · Ctrl-C stops", server.dir().display());
    stopped.await;
    let _ = writeln!(io::stderr(), "Stopping");
    server.shutdown().await;
    Ok(())
}

async fn run_lifecycle(dir: &Path, at: jiff::Timestamp) -> Result<(), PracticeError> {
    let outcomes = lifecycle::run(dir, at).await?;
    let mut text = String::new();
    for outcome in &outcomes {
        text.push_str(&format!("{}: {}\n", outcome.bucket, counted(outcome.events.len())));
        for event in &outcome.events {
            text.push_str(&format!("  {event}\n"));
        }
    }
    if outcomes.is_empty() {
        text.push_str("No bucket has lifecycle rules\n");
    }
    let _ = io::stdout().write_all(text.as_bytes());
    Ok(())
}

fn counted(changes: usize) -> String {
    match changes {
        0 => "nothing is due".to_owned(),
        1 => "1 change".to_owned(),
        many => format!("{many} changes"),
    }
}

/// The users after some were removed, and some added or replaced.
fn changed(mut users: Vec<User>, added: Vec<User>, removed: &[String], store_account: &str) -> Vec<User> {
    users.retain(|user| !removed.contains(&user.access_key_id));
    for user in added {
        let account = |user: &User| user.account_id.clone().unwrap_or_else(|| store_account.to_owned());
        users.retain(|known| known.name != user.name || account(known) != account(&user));
        users.push(user);
    }
    users
}

fn exports(server: &Server) -> String {
    let credentials = server.credentials();
    [
        ("AWS_ENDPOINT_URL", server.endpoint().as_str()),
        ("AWS_ACCESS_KEY_ID", &credentials.access_key_id),
        ("AWS_SECRET_ACCESS_KEY", &credentials.secret_access_key),
        ("AWS_REGION", server.region()),
        ("BRIMFUL_WEBSITE_ENDPOINT", server.website_endpoint().as_str()),
    ]
    .map(|(name, value)| format!("export {name}={value}\n"))
    .concat()
}

/// Ends with the first Ctrl-C or SIGTERM. Listens from now on, so that none is missed while the store starts.
fn stop_signal() -> Result<impl Future<Output = ()>, PracticeError> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt()).map_err(PracticeError::Listen)?;
        let mut terminate = signal(SignalKind::terminate()).map_err(PracticeError::Listen)?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    {
        Ok(async {
            let _ = tokio::signal::ctrl_c().await;
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_replaces_the_one_of_the_same_name_and_account() {
        let user = |text: &str| text.parse::<User>().unwrap();
        let before = vec![user("ann:KEY1:long-secret"), user("bob:KEY2:long-secret"), user("eve:KEY3:long-secret")];
        let added = vec![user("ann:KEY4:long-secret:000011112222"), user("bob:KEY5:long-secret:111122223333")];
        let after = changed(before, added, &["KEY3".to_owned()], "000011112222");
        let keys: Vec<_> = after.iter().map(|user| user.access_key_id.as_str()).collect();
        assert_eq!(keys, ["KEY2", "KEY4", "KEY5"]);
    }
}
