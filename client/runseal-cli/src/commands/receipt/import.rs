use crate::{
    context::Options,
    error::CliError,
    exit::Exit,
    files, output, progress,
    views::{AnswerView, ImportView},
};
use clap::Args;
use runseal_client::{
    import::{self, Answer, ImportError, Limits},
    keys::ours,
    registry,
};
use runseal_ed25519::PublicKey;
use runseal_receipt::Receipt;
use runseal_registry::state::Agent;
use runseal_types::Address;
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::PathBuf,
};

/// How many refused lines the summary names.
const MOST_NAMED: usize = 20;

/// Store receipts that others signed
#[derive(Args)]
pub(crate) struct Import {
    /// File with one receipt a line, or - for stdin
    #[arg(value_name = "FILE")]
    lines: PathBuf,
    /// Print an answer for every line, as JSON lines, each when its receipt is on the disk
    #[arg(long)]
    answers: bool,
}

impl Import {
    pub(super) async fn run(self, options: &Options) -> Result<Exit, CliError> {
        let keys = keys(options).await?;
        let lines: Box<dyn BufRead + Send> = if files::is_stdin(&self.lines) {
            Box::new(BufReader::new(io::stdin()))
        } else {
            let file = File::open(&self.lines);
            let file = file.map_err(|error| files::unreadable(&self.lines, &error))?;
            Box::new(BufReader::with_capacity(1 << 20, file))
        };
        let store = options.store()?;
        let key_of = |receipt: &Receipt| keys.get(&receipt.facts().agent).copied();
        let bar = progress::count("receipts");
        let mut summary = ImportView::default();
        let mut broken = None;
        let mut answer = |answer: Answer| {
            bar.inc(1);
            summary.add(&answer, MOST_NAMED);
            if self.answers && broken.is_none() {
                broken = print_answer(&answer).err();
            }
        };
        let done = import::import(&store, lines, &key_of, Limits::default(), &mut answer);
        bar.finish_and_clear();
        if let Some(error) = broken {
            return Err(output::unanswered(&error));
        }
        let exit = if summary.is_clean() { Exit::Done } else { Exit::Failed };
        match self.answers {
            true => output::note(&summary.to_string()),
            false => output::print(options.output, &summary)?,
        }
        done.map_err(|error| match error {
            ImportError::Store(error) => CliError::from(error),
            error => CliError::new(format!("{}: {error}", files::name_of(&self.lines))),
        })?;
        Ok(exit)
    }
}

/// One line, out at once: whoever reads it may rely on it.
fn print_answer(answer: &Answer) -> io::Result<()> {
    let mut stream = output::stream();
    serde_json::to_writer(&mut stream, &AnswerView::from(answer))?;
    stream.write_all(b"\n")?;
    stream.flush()
}

/// The identity key of every registered agent: a key in a receipt proves nothing.
async fn keys(options: &Options) -> Result<BTreeMap<Address, PublicKey>, CliError> {
    let agents = registry::find_all::<Agent>(&options.ledger()?).await?;
    let key = |found: &registry::Found<Agent>| {
        let key = PublicKey::parse(&found.account.identity.to_bytes()).ok()?;
        Some((ours(&found.address), key))
    };
    Ok(agents.iter().filter_map(key).collect())
}
