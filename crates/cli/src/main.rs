//! The binary `heng`: the server, and what an operator does on the machine itself.
//!
//! Exit code 0 is good, 1 says that something wrong was found, 2 that the command was misused.

mod args;
mod audit;
mod calendar;
mod check;
mod clients;
mod config;
mod demo;
mod doctor;
mod identifiers;
mod keys;
mod local;
mod output;
mod serve;
mod statements;
mod store;
mod users;

use std::future::Future;
use std::process::ExitCode;

use clap::Parser;
use values::{Error, Result};

use args::{Args, ConfigVerb, IdVerb, ImportVerb, Verb};
use output::{Output, Verdict};

fn main() -> ExitCode {
    let args = Args::parse();
    let output = Output::new(args.format);
    logs(matches!(args.verb, Verb::Serve(_) | Verb::Demo(_)));
    match run(&args, &output) {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Wrong) => ExitCode::from(1),
        Err(error) => output.failed(&error),
    }
}

fn run(args: &Args, output: &Output) -> Result<Verdict> {
    match &args.verb {
        Verb::Id { verb: IdVerb::Check(asked) } => identifiers::check(asked, output),
        Verb::Calendar { verb } => calendar::run(verb, output),
        Verb::Check(asked) => check::run(asked, output),
        Verb::Openapi => output.lines(&openapi()?),
        Verb::Config { verb: ConfigVerb::Init { file } } => config::init(file.as_deref(), output),
        verb => {
            let loaded = config::load(args)?;
            if matches!(verb, Verb::Config { .. }) {
                return config::show(&loaded, output);
            }
            on_runtime(with_store(verb, &loaded.config, output))
        }
    }
}

async fn with_store(verb: &Verb, config: &config::Config, output: &Output) -> Result<Verdict> {
    match verb {
        Verb::Serve(_) => serve::run(config).await,
        Verb::Demo(_) => demo::run(config).await,
        Verb::Doctor => doctor::run(config, output).await,
        Verb::Migrate => store::migrate(config, output).await,
        Verb::Import { verb: ImportVerb::Clients(asked) } => {
            clients::import(config, asked, output).await
        }
        Verb::Import { verb: ImportVerb::Statements(asked) } => {
            statements::import(config, asked, output).await
        }
        Verb::Client { verb } => clients::run(config, verb, output).await,
        Verb::User { verb } => users::run(config, verb, output).await,
        Verb::Audit { verb } => audit::run(config, verb, output).await,
        Verb::Keys { verb } => keys::run(config, verb, output).await,
        Verb::Id { .. }
        | Verb::Calendar { .. }
        | Verb::Check(_)
        | Verb::Openapi
        | Verb::Config { .. } => Ok(Verdict::Good),
    }
}

fn openapi() -> Result<String> {
    app::openapi().to_pretty_json().map_err(Error::internal)
}

fn on_runtime<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Error::internal)?;
    let done = runtime.block_on(work);
    // What must be written was awaited; a sealer in the middle of its round must not hold us up.
    runtime.shutdown_background();
    done
}

/// One line per event on standard error; `HENG_LOG` or `RUST_LOG` chooses what.
fn logs(serving: bool) {
    let chosen = std::env::var("HENG_LOG").or_else(|_| std::env::var("RUST_LOG"));
    let usual = if serving { "info,refinery_core=warn" } else { "error" };
    let chosen = chosen.unwrap_or_else(|_| usual.to_owned());
    // In detail, the driver would write every parameter of a statement: names and what was typed.
    let filter = tracing_subscriber::EnvFilter::new(format!("{chosen},tokio_postgres=warn"));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_ansi(false)
        .try_init();
}
