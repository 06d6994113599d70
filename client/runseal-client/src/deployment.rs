//! Putting a program onto a cluster: its bytes into a buffer, piece by piece, and the buffer into its
//! place. Whatever was written before an interruption is there and is not written again.

use crate::{
    cost,
    ledger::{Landed, Ledger, LedgerError},
    program::{self, Deployed, LOADER, ProgramError},
    registry::ReadError,
};
use solana_address::Address;
use solana_loader_v3_interface::instruction as loader;
use solana_signer::Signer;
use std::{future::Future, time::Duration};

/// What the loader keeps before a buffer's bytes: state (u32), a flag and a key.
const BUFFER_METADATA_BYTES: usize = 37;
/// What a program's own account has: state (u32) and where its data are.
const PROGRAM_ACCOUNT_BYTES: u64 = 36;
/// As many bytes as fit into a transaction beside everything else.
const PIECE_BYTES: usize = 900;
/// How many pieces are on their way at a time.
const PIECES_AT_ONCE: usize = 32;
/// How long pieces are given to land before the buffer is read again.
const SETTLE: Duration = Duration::from_millis(800);
/// How often the buffer may be read without a piece having landed.
const MOST_IDLE_READS: u32 = 60;
/// A program's account grows by no less.
const LEAST_EXTENSION_BYTES: usize = 10_240;

/// Who deploys what, and where.
#[derive(Clone, Copy)]
pub struct Deployment<'a> {
    /// The program's bytes.
    pub bytes: &'a [u8],
    /// Its address.
    pub program: Address,
    /// The key of that address, which a first deployment needs.
    pub program_key: Option<&'a (dyn Signer + Sync)>,
    /// A key for the account that the bytes are gathered in; the same one resumes.
    pub buffer: &'a (dyn Signer + Sync),
    /// Pays, and is or becomes the upgrade authority.
    pub authority: &'a (dyn Signer + Sync),
}

/// What a deployment needs, at the ledger's present prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What is to be done.
    pub kind: Kind,
    /// How many bytes the program has.
    pub size_bytes: usize,
    /// How many transactions write it.
    pub writes: usize,
    /// What the buffer binds until the deployment is done.
    pub buffer_lamports: u64,
    /// What the program's accounts bind for good, beyond what they have.
    pub rent_lamports: u64,
}

/// What there is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing: these very bytes are there.
    Nothing,
    /// There is no program yet.
    First,
    /// There is another one, which this key may replace.
    Upgrade {
        /// By how many bytes its account must grow first.
        extension_bytes: usize,
    },
}

/// Why a program was not deployed. What was written to the buffer stays there.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// A first deployment is signed by the key of the program's address.
    #[error("a first deployment needs the key of the program's address {program}")]
    NoProgramKey {
        /// The address.
        program: Address,
    },
    /// The key is another address's.
    #[error("that is the key of {found}, not of the program's address {expected}")]
    OtherProgramKey {
        /// The program's address.
        expected: Address,
        /// The key's.
        found: Address,
    },
    /// Somebody else may upgrade the program.
    #[error("the program's upgrade authority is {expected:?}, not {found}")]
    OtherAuthority {
        /// Who it is; nobody, if the program is final.
        expected: Option<Address>,
        /// The key that was given.
        found: Address,
    },
    /// The buffer's account holds something else.
    #[error("account {buffer} is no buffer of this key's for {size_bytes} bytes")]
    OtherBuffer {
        /// Where.
        buffer: Address,
        /// How many bytes it should hold.
        size_bytes: usize,
    },
    /// Writes no longer land.
    #[error("{missing} of {pieces} pieces do not land; run the same command again to go on")]
    Stuck {
        /// How many are missing.
        missing: usize,
        /// How many there are.
        pieces: usize,
    },
    /// The program is longer than the loader can say.
    #[error("a program of {size_bytes} bytes is too long")]
    TooLong {
        /// How long it is.
        size_bytes: usize,
    },
    /// The present program could not be read.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// An account could not be.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The ledger did not do it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Deployment<'_> {
    /// Says what is to be done and what it needs.
    pub async fn plan(&self, ledger: &impl Ledger) -> Result<Plan, DeployError> {
        let authority = self.authority_address()?;
        let deployed = program::find_at(ledger, &self.program).await?;
        let kind = kind(deployed.as_ref(), self.bytes, authority)?;
        let size_bytes = self.bytes.len();
        let rent = |bytes: usize| cost::rent_of(ledger, u64::try_from(bytes).unwrap_or(u64::MAX));
        let room = size_bytes.saturating_add(program::METADATA_BYTES);
        let rent_lamports = match kind {
            Kind::Nothing => 0,
            Kind::First => rent(room)
                .await?
                .saturating_add(cost::rent_of(ledger, PROGRAM_ACCOUNT_BYTES).await?),
            Kind::Upgrade { extension_bytes: 0 } => 0,
            Kind::Upgrade { extension_bytes } => {
                rent(room).await?.saturating_sub(rent(room.saturating_sub(extension_bytes)).await?)
            }
        };
        let buffer_lamports = rent(size_bytes.saturating_add(BUFFER_METADATA_BYTES)).await?;
        let writes = if kind == Kind::Nothing { 0 } else { size_bytes.div_ceil(PIECE_BYTES) };
        Ok(Plan { kind, size_bytes, writes, buffer_lamports, rent_lamports })
    }

    /// Deploys or upgrades. `progress` is told how many of how many pieces are there, `pause` waits.
    pub async fn run<W: Future<Output = ()> + Send>(
        &self,
        ledger: &impl Ledger,
        progress: &(dyn Fn(usize, usize) + Sync),
        pause: impl Fn(Duration) -> W + Sync,
    ) -> Result<Option<Landed>, DeployError> {
        let plan = self.plan(ledger).await?;
        if plan.kind == Kind::Nothing {
            return Ok(None);
        }
        let program_key = match plan.kind {
            Kind::First => Some(self.check_program_key()?),
            _ => None,
        };
        self.create_buffer(ledger, plan.buffer_lamports).await?;
        self.fill_buffer(ledger, progress, pause).await?;
        self.put_in_place(ledger, &plan, program_key).await.map(Some)
    }

    fn authority_address(&self) -> Result<Address, DeployError> {
        Ok(self.authority.try_pubkey().map_err(LedgerError::from)?)
    }

    fn buffer_address(&self) -> Result<Address, DeployError> {
        Ok(self.buffer.try_pubkey().map_err(LedgerError::from)?)
    }

    fn check_program_key(&self) -> Result<&(dyn Signer + Sync), DeployError> {
        let expected = self.program;
        let key = self.program_key.ok_or(DeployError::NoProgramKey { program: expected })?;
        let found = key.try_pubkey().map_err(LedgerError::from)?;
        if found == expected {
            Ok(key)
        } else {
            Err(DeployError::OtherProgramKey { expected, found })
        }
    }

    async fn create_buffer(&self, ledger: &impl Ledger, lamports: u64) -> Result<(), DeployError> {
        let (authority, buffer) = (self.authority_address()?, self.buffer_address()?);
        if ledger.read(&[buffer]).await?.pop().flatten().is_some() {
            return Ok(());
        }
        let too_long = DeployError::TooLong { size_bytes: self.bytes.len() };
        let create =
            loader::create_buffer(&authority, &buffer, &authority, lamports, self.bytes.len());
        let create = create.map_err(|_| too_long)?;
        ledger.submit(&create, &[self.authority, self.buffer]).await?;
        Ok(())
    }

    /// Writes what is not there yet, until all of it is.
    async fn fill_buffer<W: Future<Output = ()> + Send>(
        &self,
        ledger: &impl Ledger,
        progress: &(dyn Fn(usize, usize) + Sync),
        pause: impl Fn(Duration) -> W + Sync,
    ) -> Result<(), DeployError> {
        let pieces = self.bytes.len().div_ceil(PIECE_BYTES);
        let (mut fewest, mut idle_reads) = (usize::MAX, 0);
        loop {
            let missing = self.missing_pieces(ledger).await?;
            progress(pieces.saturating_sub(missing.len()), pieces);
            if missing.is_empty() {
                return Ok(());
            }
            idle_reads = if missing.len() < fewest { 0 } else { idle_reads + 1 };
            fewest = fewest.min(missing.len());
            if idle_reads > MOST_IDLE_READS {
                return Err(DeployError::Stuck { missing: missing.len(), pieces });
            }
            for piece in missing.into_iter().take(PIECES_AT_ONCE) {
                self.send_piece(ledger, piece).await?;
            }
            pause(SETTLE).await;
        }
    }

    /// Which pieces of the buffer are not what they should be.
    async fn missing_pieces(&self, ledger: &impl Ledger) -> Result<Vec<usize>, DeployError> {
        let (authority, buffer) = (self.authority_address()?, self.buffer_address()?);
        let size_bytes = self.bytes.len();
        let other = DeployError::OtherBuffer { buffer, size_bytes };
        let account = ledger.read(&[buffer]).await?.pop().flatten();
        let Some(account) = account else { return Err(other) };
        /// How the loader marks a buffer whose authority is set.
        const BUFFER_STATE: [u8; 5] = [1, 0, 0, 0, 1];
        let metadata = [BUFFER_STATE.as_slice(), authority.as_ref()].concat();
        let written = account.data.strip_prefix(metadata.as_slice());
        match written.filter(|written| account.owner == LOADER && written.len() == size_bytes) {
            Some(written) => {
                let pairs = written.chunks(PIECE_BYTES).zip(self.bytes.chunks(PIECE_BYTES));
                let differ = pairs.enumerate().filter(|(_, (there, wanted))| there != wanted);
                Ok(differ.map(|(index, _)| index).collect())
            }
            None => Err(other),
        }
    }

    /// Sends a piece once; whether it landed is seen in the buffer.
    async fn send_piece(&self, ledger: &impl Ledger, piece: usize) -> Result<(), DeployError> {
        let (authority, buffer) = (self.authority_address()?, self.buffer_address()?);
        let bytes = self.bytes.chunks(PIECE_BYTES).nth(piece).unwrap_or_default();
        let size_bytes = self.bytes.len();
        let offset = u32::try_from(piece.saturating_mul(PIECE_BYTES));
        let offset = offset.map_err(|_| DeployError::TooLong { size_bytes })?;
        let write = loader::write(&buffer, &authority, offset, bytes.to_vec());
        let prepared = ledger.prepare(&[write], &[self.authority]).await?;
        Ok(ledger.send(&prepared.bytes).await?)
    }

    async fn put_in_place(
        &self,
        ledger: &impl Ledger,
        plan: &Plan,
        program_key: Option<&(dyn Signer + Sync)>,
    ) -> Result<Landed, DeployError> {
        let (authority, buffer) = (self.authority_address()?, self.buffer_address()?);
        let size_bytes = self.bytes.len();
        if let Some(key) = program_key {
            let lamports = cost::rent_of(ledger, PROGRAM_ACCOUNT_BYTES).await?;
            let deploy = loader::deploy_with_max_program_len(
                &authority,
                &self.program,
                &buffer,
                &authority,
                lamports,
                size_bytes,
                true,
            );
            let deploy = deploy.map_err(|_| DeployError::TooLong { size_bytes })?;
            return Ok(ledger.submit(&deploy, &[self.authority, key]).await?);
        }
        if let Kind::Upgrade { extension_bytes } = plan.kind
            && extension_bytes > 0
        {
            let additional = u32::try_from(extension_bytes);
            let additional = additional.map_err(|_| DeployError::TooLong { size_bytes })?;
            let extend = loader::extend_program(&self.program, Some(&authority), additional);
            ledger.submit(&[extend], &[self.authority]).await?;
        }
        let upgrade = loader::upgrade(&self.program, &buffer, &authority, &authority, true);
        Ok(ledger.submit(&[upgrade], &[self.authority]).await?)
    }
}

/// Compares what is there with what is wanted.
fn kind(
    deployed: Option<&Deployed>,
    bytes: &[u8],
    authority: Address,
) -> Result<Kind, DeployError> {
    let Some(deployed) = deployed else { return Ok(Kind::First) };
    if deployed.is(bytes) {
        return Ok(Kind::Nothing);
    }
    if deployed.upgrade_authority != Some(authority) {
        let (expected, found) = (deployed.upgrade_authority, authority);
        return Err(DeployError::OtherAuthority { expected, found });
    }
    let missing = bytes.len().saturating_sub(deployed.room_bytes);
    let extension_bytes = if missing == 0 { 0 } else { missing.max(LEAST_EXTENSION_BYTES) };
    Ok(Kind::Upgrade { extension_bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployed(bytes: &[u8], room_bytes: usize, authority: Option<Address>) -> Deployed {
        Deployed {
            program_data: Address::default(),
            upgrade_authority: authority,
            slot: 1,
            bytes: bytes.to_vec(),
            room_bytes,
        }
    }

    #[test]
    fn what_is_to_be_done_follows_from_what_is_there() {
        let (ours, theirs) = (Address::new_from_array([1; 32]), Address::new_from_array([2; 32]));
        let kind = |there: Option<&Deployed>, bytes: &[u8]| kind(there, bytes, ours);
        assert_eq!(kind(None, &[1]).unwrap(), Kind::First);
        let same = deployed(&[1, 2], 2, Some(theirs));
        assert_eq!(kind(Some(&same), &[1, 2]).unwrap(), Kind::Nothing);
        let own = deployed(&[1, 2], 10, Some(ours));
        assert_eq!(kind(Some(&own), &[3; 10]).unwrap(), Kind::Upgrade { extension_bytes: 0 });
        let grown = Kind::Upgrade { extension_bytes: LEAST_EXTENSION_BYTES };
        assert_eq!(kind(Some(&own), &[3; 11]).unwrap(), grown);
        let much = Kind::Upgrade { extension_bytes: 20_000 };
        assert_eq!(kind(Some(&own), &[3; 20_010]).unwrap(), much);
        for authority in [Some(theirs), None] {
            let foreign = deployed(&[1, 2], 10, authority);
            let refused = kind(Some(&foreign), &[3]).unwrap_err();
            assert!(
                matches!(refused, DeployError::OtherAuthority { expected, found }
                    if expected == authority && found == ours),
                "{refused:?}"
            );
        }
    }
}
