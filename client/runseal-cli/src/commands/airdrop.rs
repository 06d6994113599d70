use crate::{context::Options, error::CliError, output, views::DoneView};
use clap::Args;
use solana_address::Address;
use solana_signer::Signer;

const LAMPORTS_PER_SOL: u64 = 1_000_000_000;
/// So many digits behind the point stand for lamports.
const DECIMALS: usize = 9;
const MOST_SOL: u64 = 1_000;

/// Get lamports from a test ledger's faucet
#[derive(Args)]
pub(crate) struct Airdrop {
    /// How many SOL, as in 2 or 1.5; at most 1000
    #[arg(value_parser = lamports)]
    sol: u64,
    /// Who gets them [default: the keypair's address]
    to: Option<Address>,
}

impl Airdrop {
    pub(crate) async fn run(self, options: &Options) -> Result<(), CliError> {
        let to = match self.to {
            Some(to) => to,
            None => options.keypair()?.pubkey(),
        };
        let landed = options.ledger_or_new()?.airdrop(&to, self.sol).await?;
        let done = format!("Sent {} SOL", in_sol(self.sol));
        output::print(options.output, &DoneView::new(&done, to, Some(landed)))
    }
}

/// Reads an amount of SOL.
fn lamports(text: &str) -> Result<u64, String> {
    let wrong = || format!("an amount is above 0 and at most {MOST_SOL} SOL, as in 2 or 1.5");
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || part.len() > DECIMALS {
        return Err(wrong());
    }
    let part: u64 = format!("{part:0<DECIMALS$}").parse().map_err(|_| wrong())?;
    let whole: u64 = whole.parse().map_err(|_| wrong())?;
    let lamports = whole.checked_mul(LAMPORTS_PER_SOL).and_then(|whole| whole.checked_add(part));
    let most = MOST_SOL.saturating_mul(LAMPORTS_PER_SOL);
    lamports.filter(|lamports| (1..=most).contains(lamports)).ok_or_else(wrong)
}

/// Writes an amount of SOL without zeros at its end.
fn in_sol(lamports: u64) -> String {
    let (whole, part) = (lamports / LAMPORTS_PER_SOL, lamports % LAMPORTS_PER_SOL);
    let text = format!("{whole}.{part:0DECIMALS$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{in_sol, lamports};

    #[test]
    fn amounts_of_sol_are_read_and_written() {
        for (text, expected) in [
            ("1", 1_000_000_000),
            ("1.5", 1_500_000_000),
            ("10", 10_000_000_000),
            ("0.000000001", 1),
            ("1000", 1_000_000_000_000),
        ] {
            assert_eq!(lamports(text), Ok(expected), "{text}");
            assert_eq!(in_sol(expected), text);
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in [
            "",
            "0",
            "0.0",
            ".5",
            "1.",
            "1.5.5",
            "-1",
            "+1",
            "1e3",
            "1.0000000001",
            "1000.1",
            "ten",
        ] {
            assert!(lamports(text).is_err(), "{text}");
        }
    }
}
