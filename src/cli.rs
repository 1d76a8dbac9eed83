//! Every command and flag with its help; no logic.
//!
//! A server argument is a folder, a `.zip`, a bundle of the collector as either, a policy file of
//! the wizard, or a snapshot. `--allow-modified-bundle` belongs to `compare`, `document`,
//! `flow` and `snapshot`; `--tenant` to `compare`.
//!
//! In: nothing. Out: clap's parser. Must not know: what a command does.

use crate::catalogue::Severity;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  parity, or done
  1  drift at or above --fail-on
  2  the job could not be done: bad arguments, unreadable input, write failure
  3  incomplete: no drift found, but something was unknown
(as diff(1) has it; Terraform's -detailed-exitcode has 1 and 2 the other way round)

syncdrift never opens a network connection; `export` and `--push` run PowerShell and git, which do.";

const EXPORT_EXIT_CODES: &str = "\
Exit codes:
  0  every server's bundle is there, and all was read
  2  the job could not be done: bad arguments, no bundle from any server, stopped by Ctrl+C or a signal
  3  parts are missing: in a bundle; or a server failed and another did not. The failed server's line
     says where its bundle of an earlier run stays, which is not of this run

syncdrift never opens a network connection; `export` runs PowerShell, which does.";

/// Configuration drift documenter for a primary and a staging Microsoft Entra Connect Sync server.
#[derive(Debug, Parser)]
#[command(name = "syncdrift", version, after_help = EXIT_CODES, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// What differs, how bad it is, how to mend it
    #[command(after_help = EXIT_CODES)]
    Compare(Compare),
    /// The end-to-end path of an attribute: which rules feed it, who wins, where it goes
    #[command(after_help = EXIT_CODES)]
    Flow(Flow),
    /// The whole configuration of one server, readable
    #[command(after_help = EXIT_CODES)]
    Document(Document),
    /// Collect the configuration of live servers, read-only, through PowerShell
    #[command(after_help = EXPORT_EXIT_CODES)]
    Export(Export),
    /// Commit the configuration of servers to git, as readable files; only when something changed
    #[command(after_help = EXIT_CODES)]
    Snapshot(Snapshot),
    /// What changed when and on which server, since when servers differ, and the auditor's evidence
    #[command(after_help = EXIT_CODES)]
    History(History),
    /// A saved result in any other format, without the exports (exit code 0 when written)
    Render(Render),
    /// What a finding id means, why it matters, how to mend it
    Explain(Explain),
    /// The JSON schema of an output
    Schema(Schema),
}

/// `compare`.
#[derive(Debug, Args)]
pub struct Compare {
    /// Export of the active server: a folder that holds Connectors, GlobalSettings and SynchronizationRules at any depth,
    /// a .zip of one, or a snapshot git:DIR[@REV][#SERVER]
    pub primary: PathBuf,
    /// Exports of one or more servers in staging mode: folders, .zip files or snapshots
    #[arg(required = true)]
    pub staging: Vec<PathBuf>,
    /// Compare two exports of one server over time
    #[arg(long)]
    pub same_server: bool,
    /// Pair two connectors by name where matching cannot know (repeatable)
    #[arg(long, value_name = "PRIMARY=STAGING", value_parser = parse_mapping)]
    pub map_connector: Vec<(String, String)>,
    /// Facts of the tenant, syncdrift.tenant/1: held against the settings of every server
    #[arg(long, value_name = "FILE")]
    pub tenant: Option<PathBuf>,
    /// Drift that its owners accept until a date: a TOML file of findings with reason, owner and expiry
    #[arg(long, value_name = "FILE")]
    pub accept: Option<PathBuf>,
    /// The approved state: says of each finding which server moved away from it. A server's export or snapshot; or
    /// git:DIR@REV without #SERVER, for each server against its own snapshot of that revision
    #[arg(long, value_name = "SERVER", conflicts_with = "same_server")]
    pub baseline: Option<PathBuf>,
    /// Write a file for --accept with every open finding, to be completed by hand; never over an existing file
    #[arg(long, value_name = "FILE")]
    pub write_accept: Option<PathBuf>,
    /// Least severity of drift that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "low")]
    pub fail_on: FailOn,
    /// Turn drift's exit code 1 into 0 (never 2 or 3), for jobs that only document
    #[arg(long)]
    pub exit_zero: bool,
    /// Mask the names of servers, accounts, tenants, domains and databases, GUIDs, SIDs and IP addresses; the same name
    /// always gets the same mask, and paths are called PRIMARY, STAGING and FILE
    #[arg(long)]
    pub redact: bool,
    /// Read a bundle of the collector though its files are not as its manifest says; the result names them
    #[arg(long)]
    pub allow_modified_bundle: bool,
    /// Where the result goes.
    #[command(flatten)]
    pub result: ResultOutput,
}

/// Where a result goes, in which format and how much of it.
#[derive(Debug, Args)]
pub struct ResultOutput {
    /// What goes to standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Write the result to a file as well; the format follows the extension: .html .md .json .junit.xml
    /// .sarif .csv (repeatable)
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// At most 15 lines (text and Markdown)
    #[arg(long)]
    pub summary: bool,
    /// Templates of your own for HTML and Markdown: files of this folder replace built-in ones of the same name
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    /// Only the verdict and its counts
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// List expected differences and what was found equal, too
    #[arg(short, long)]
    pub verbose: bool,
}

/// `render`.
#[derive(Debug, Args)]
pub struct Render {
    /// A result of `compare`, saved with -o FILE.json or --format json
    #[arg(value_name = "REPORT.json")]
    pub report: PathBuf,
    /// Where the result goes.
    #[command(flatten)]
    pub result: ResultOutput,
}

/// A server, and where what is said of it goes.
#[derive(Debug, Args)]
pub struct OneServer {
    /// Export of a server: a folder that holds Connectors, GlobalSettings and SynchronizationRules at any depth,
    /// a .zip of one, or a snapshot git:DIR[@REV][#SERVER]
    pub server: PathBuf,
    /// Mask the names of servers, accounts, tenants, domains and databases, GUIDs, SIDs and IP addresses; the same name
    /// always gets the same mask, and paths are called SERVER and FILE
    #[arg(long)]
    pub redact: bool,
    /// Read a bundle of the collector though its files are not as its manifest says
    #[arg(long)]
    pub allow_modified_bundle: bool,
    /// Where it goes.
    #[command(flatten)]
    pub page: PageOutput,
}

/// Where what is said of servers goes, and in which format.
#[derive(Debug, Args)]
pub struct PageOutput {
    /// What goes to standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: PageFormat,
    /// Write it to a file as well; the format follows the extension: .html .md .json (repeatable)
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<PathBuf>,
    /// Templates of your own for HTML: files of this folder replace built-in ones of the same name
    #[arg(long, value_name = "DIR")]
    pub templates: Option<PathBuf>,
    /// When to use colour
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

/// `flow`.
#[derive(Debug, Args)]
pub struct Flow {
    /// The server.
    #[command(flatten)]
    pub one: OneServer,
    /// A metaverse attribute, or an attribute of a connector, such as department; letter case does not count
    pub attribute: String,
    /// Only this metaverse object type, such as person (default: every type that has the attribute)
    #[arg(long, value_name = "TYPE")]
    pub object_type: Option<String>,
    /// Only rules of this connector; ranks still count the rules of all
    #[arg(long, value_name = "NAME")]
    pub connector: Option<String>,
    /// Only which rule wins, one line each
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Join conditions, and scopes of rules that flow nothing, too
    #[arg(short, long)]
    pub verbose: bool,
}

/// `document`.
#[derive(Debug, Args)]
pub struct Document {
    /// The server.
    #[command(flatten)]
    pub one: OneServer,
}

/// `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Where bundles go: a folder, with a folder for each server in it; or for one server a .zip
    #[arg(short, long, value_name = "DIR|FILE.zip")]
    pub output: Option<PathBuf>,
    /// A server to collect from, through PowerShell remoting with your own account (repeatable; all at the same time);
    /// without it this computer
    #[arg(long, value_name = "NAME")]
    pub server: Vec<String>,
    /// PowerShell remoting over SSH in place of WinRM, with a key; NAME may be USER@NAME, DOMAIN\USER@NAME or
    /// USER@DOMAIN@NAME
    #[arg(long, requires = "server")]
    pub ssh: bool,
    /// How long a server may take, in seconds
    #[arg(long, value_name = "S", default_value_t = 1800, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,
    /// Also csexport of every connector: names and attributes of users
    #[arg(long)]
    pub csexport: bool,
    /// Print the collector, to read, sign or run it by hand; with -o FILE.ps1 into a new file, byte for byte
    #[arg(long, conflicts_with_all = ["server", "ssh", "csexport", "timeout"])]
    pub print_script: bool,
    /// Only what failed or is missing
    #[arg(short, long)]
    pub quiet: bool,
}

/// `snapshot`.
#[derive(Debug, Args)]
pub struct Snapshot {
    /// Exports of one or more servers, all in one commit
    #[arg(required = true, value_name = "SERVER")]
    pub servers: Vec<PathBuf>,
    /// Git repository; a bare one is made where there is nothing (`git clone` it to look at the files)
    #[arg(long, value_name = "DIR")]
    pub repo: PathBuf,
    /// Branch of the snapshots, made if needed; never one that is checked out
    #[arg(long, value_name = "B", default_value = "syncdrift/snapshots")]
    pub branch: String,
    /// Folder within the repository; each server has a folder of its own in it
    #[arg(long, value_name = "P", default_value = "")]
    pub path: String,
    /// Who makes the commit (default: user.name and user.email of git's configuration)
    #[arg(long, value_name = "NAME <MAIL>", value_parser = parse_author)]
    pub author: Option<(String, String)>,
    /// Read a bundle of the collector though its files are not as its manifest says
    #[arg(long)]
    pub allow_modified_bundle: bool,
    /// Then run `git push` to this remote, with the branch and the record of runs; git asks for what it needs
    #[arg(long, value_name = "REMOTE")]
    pub push: Option<String>,
    /// Nothing on standard output
    #[arg(short, long)]
    pub quiet: bool,
}

/// `history`.
#[derive(Debug, Args)]
pub struct History {
    /// Git repository of snapshots
    #[arg(long, value_name = "DIR")]
    pub repo: PathBuf,
    /// Branch of the snapshots
    #[arg(long, value_name = "B", default_value = "syncdrift/snapshots")]
    pub branch: String,
    /// Only this server
    #[arg(long, value_name = "S")]
    pub server: Option<String>,
    /// Only objects whose name or path (names from the outside in, with / between them) fits, * and ? standing for any
    /// text and any character; then also when each of their settings got its value
    #[arg(long, value_name = "GLOB")]
    pub object: Option<String>,
    /// Only changes since a day (2026-10-01), a time (2026-10-01T03:00Z), or so many days or weeks (30d, 8w)
    #[arg(long, value_name = "DATE", conflicts_with = "evidence")]
    pub since: Option<String>,
    /// The auditor's pack of a period, both days included (2026-07-01..2026-09-30): runs, deviations, acceptances, hashes
    #[arg(long, value_name = "FROM..TO")]
    pub evidence: Option<String>,
    /// Drift that its owners accept, as for `compare`
    #[arg(long, value_name = "FILE")]
    pub accept: Option<PathBuf>,
    /// Where it goes.
    #[command(flatten)]
    pub page: PageOutput,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// A finding's id, such as rule-scoping-filter
    #[arg(required_unless_present = "list", conflicts_with = "list")]
    pub id: Option<String>,
    /// List every id
    #[arg(long)]
    pub list: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ExplainFormat,
}

/// `schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// Which output
    pub name: SchemaName,
}

/// Names of schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// syncdrift.report/1, what `compare --format json` prints
    Report,
    /// syncdrift.reports/1, the same with several staging servers
    Reports,
    /// syncdrift.flow/1, what `flow --format json` prints
    Flow,
    /// syncdrift.document/1, what `document --format json` prints
    Document,
    /// syncdrift.history/1, what `history --format json` prints
    History,
}

/// Formats of a result on standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For tickets, pull requests and wikis
    Markdown,
    /// The report to look at
    Html,
    /// Test results for a pipeline: Azure DevOps, GitLab, Jenkins
    Junit,
    /// SARIF 2.1.0 for code scanning
    Sarif,
}

/// Formats of what is said of one server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    /// For people; of `document` an overview
    Text,
    /// For programs
    Json,
    /// For wikis and repositories
    Markdown,
    /// The page to look at
    Html,
}

/// Formats of `explain`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExplainFormat {
    /// For the terminal
    Text,
    /// For documentation
    Markdown,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Also in a pipe
    Always,
    /// Not at all
    Never,
}

/// Values of `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Do not fail over
    Block,
    /// Wrong data is written in the first cycle
    High,
    /// A function is lost or degraded
    Medium,
    /// Hygiene: any drift
    Low,
    /// Also what is no fault
    Info,
}

impl From<FailOn> for Severity {
    fn from(value: FailOn) -> Self {
        match value {
            FailOn::Block => Severity::Block,
            FailOn::High => Severity::High,
            FailOn::Medium => Severity::Medium,
            FailOn::Low => Severity::Low,
            FailOn::Info => Severity::Info,
        }
    }
}

fn parse_mapping(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((primary, staging)) if !primary.trim().is_empty() && !staging.trim().is_empty() => {
            Ok((primary.trim().to_owned(), staging.trim().to_owned()))
        }
        _ => Err("write it as PRIMARY=STAGING, the connector's name on each server".to_owned()),
    }
}

fn parse_author(text: &str) -> Result<(String, String), String> {
    let parts = text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<'));
    let parts = parts.map(|(name, mail)| (name.trim(), mail.trim()));
    match parts {
        Some((name, mail)) if !name.is_empty() && !mail.is_empty() && !text.contains(['\n', '\0']) => {
            Ok((name.to_owned(), mail.to_owned()))
        }
        _ => Err("write it as \"NAME <MAIL>\"".to_owned()),
    }
}
