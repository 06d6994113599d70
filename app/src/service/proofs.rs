use super::Service;
use crate::{
    error::ApiError,
    runproof::{Overlay, Proof},
};
use runseal_client::store::{
    Direction, MOST_ITEMS, Position, ReceiptFilter, RunRow, RunState, StoredReceipt,
};
use runseal_receipt::{Event, Receipt, Status};
use runseal_types::Digest;

impl Service {
    /// Finds a run.
    pub(crate) fn find_run(&self, run_id: &str) -> Result<Option<RunRow>, ApiError> {
        Ok(self.store.list_runs(Some(run_id), false, None, 1)?.items.pop())
    }

    /// Finds the receipt of a run: of one that goes on, that of its last checkpoint.
    pub(crate) fn find_receipt(&self, run_id: &str) -> Result<Option<StoredReceipt>, ApiError> {
        let Some(row) = self.find_run(run_id)? else { return Ok(None) };
        match row.state {
            RunState::Finished { receipt } => Ok(self.store.find_receipt(&receipt)?),
            RunState::Active => match self.checkpoints(run_id)?.last() {
                Some(digest) => Ok(self.store.find_receipt(digest)?),
                None => Ok(None),
            },
        }
    }

    /// Finds a run's proof, computed from its receipt and its events.
    pub(crate) fn find_proof(&self, run_id: &str) -> Result<Option<Proof>, ApiError> {
        self.find_receipt(run_id)?.map(|stored| self.proof(&stored)).transpose()
    }

    /// Returns a run's proof.
    pub(crate) fn load_proof(&self, run_id: &str) -> Result<Proof, ApiError> {
        let missing = || ApiError::not_found(format!("RunProof not found: {run_id}"));
        self.find_proof(run_id)?.ok_or_else(missing)
    }

    /// Computes the proof of a stored receipt.
    pub(crate) fn proof(&self, stored: &StoredReceipt) -> Result<Proof, ApiError> {
        let receipt = Receipt::parse(&stored.text)
            .map_err(|_| ApiError::failed("a stored receipt is damaged"))?;
        let facts = receipt.facts();
        let events = self.events(&facts.run_id, facts.event_chain.count)?;
        let promise = self.store.find_promise(&stored.leaf.digest)?;
        let parent = self.parent(&stored.leaf.digest)?;
        let overlay = Overlay {
            agent_id: self.agent_id(&facts.agent)?,
            period: stored.period,
            promise: promise.map(|it| (it.promise.period, it.signature)),
            root_id: self.root(parent.as_ref())?,
            parent_id: parent.map(|(_, run_id)| run_id),
        };
        Ok(Proof::new(receipt, events, overlay))
    }

    /// Returns the first so many events of a run.
    pub(crate) fn events(&self, run_id: &str, count: u64) -> Result<Vec<Event>, ApiError> {
        let most = usize::try_from(count).unwrap_or(usize::MAX);
        let (mut events, mut after): (Vec<Event>, _) = (Vec::new(), None);
        while events.len() < most {
            let limit = most.saturating_sub(events.len()).min(MOST_ITEMS);
            let stored = self.store.list_events(run_id, after, limit)?;
            let Some(last) = stored.last() else { break };
            after = Some(last.seq);
            for stored in &stored {
                let event = Event::parse(&stored.text);
                events.push(event.map_err(|_| ApiError::failed("a stored event is damaged"))?);
            }
        }
        Ok(events)
    }

    /// Returns the digests of the receipts of a run's checkpoints, the first made first.
    fn checkpoints(&self, run_id: &str) -> Result<Vec<Digest>, ApiError> {
        let filter = ReceiptFilter {
            run_id: Some(run_id.to_owned()),
            status: Some(Status::Checkpoint),
            ..ReceiptFilter::default()
        };
        let (mut digests, mut after): (_, Option<Position>) = (Vec::new(), None);
        loop {
            let page = self.store.list_receipts(&filter, after, MOST_ITEMS)?;
            digests.extend(page.items.iter().map(|row| row.columns.leaf.digest));
            after = page.next;
            if after.is_none() {
                return Ok(digests);
            }
        }
    }

    /// Returns the receipt that was last said to be one's parent, and its run.
    pub(crate) fn parent(&self, receipt: &Digest) -> Result<Option<(Digest, String)>, ApiError> {
        let edges = self.store.list_edges(receipt, Direction::Parents, None, MOST_ITEMS)?;
        let Some(edge) = edges.items.last() else { return Ok(None) };
        Ok(self.run_of(&edge.parent)?.map(|run_id| (edge.parent, run_id)))
    }

    /// Follows parents up from one, and returns the run of the last.
    fn root(&self, parent: Option<&(Digest, String)>) -> Result<Option<String>, ApiError> {
        const MOST_STEPS: usize = 100;
        let Some((digest, run_id)) = parent else { return Ok(None) };
        let (mut digest, mut root) = (*digest, run_id.clone());
        for _ in 0..MOST_STEPS {
            let Some((above, run_id)) = self.parent(&digest)? else { break };
            (digest, root) = (above, run_id);
        }
        Ok(Some(root))
    }

    /// Returns the run of a stored receipt.
    pub(crate) fn run_of(&self, receipt: &Digest) -> Result<Option<String>, ApiError> {
        let Some(stored) = self.store.find_receipt(receipt)? else { return Ok(None) };
        let receipt = Receipt::parse(&stored.text)
            .map_err(|_| ApiError::failed("a stored receipt is damaged"))?;
        Ok(Some(receipt.facts().run_id.clone()))
    }
}
