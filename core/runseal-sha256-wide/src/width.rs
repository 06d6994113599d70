//! The choice of the vectors, and the one step into code that not every processor can run.

use crate::{Hash, one_by_one};

/// How many messages are hashed at a time. A value exists only where the processor can do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Width(Kind);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    One,
    #[cfg(target_arch = "x86_64")]
    Eight,
    #[cfg(target_arch = "x86_64")]
    Sixteen,
}

impl Width {
    /// One message after the other, which every processor can do.
    pub const ONE: Self = Self(Kind::One);

    /// Returns the widest that this processor can do, which is the fastest.
    pub fn best() -> Self {
        Self::all().last().unwrap_or(Self::ONE)
    }

    /// Returns all that this processor can do, the narrowest first.
    pub fn all() -> impl Iterator<Item = Self> {
        [Some(Self::ONE), Self::find_eight(), Self::find_sixteen()].into_iter().flatten()
    }

    /// Returns how many messages are hashed at a time.
    pub fn lanes(self) -> usize {
        match self.0 {
            Kind::One => 1,
            #[cfg(target_arch = "x86_64")]
            Kind::Eight => crate::avx2::LANES,
            #[cfg(target_arch = "x86_64")]
            Kind::Sixteen => crate::avx512::LANES,
        }
    }

    /// Hashes `prefix` ‖ message for each message, as far as there are messages and room for hashes.
    pub fn hash_each<const N: usize>(self, prefix: u8, messages: &[[u8; N]], hashes: &mut [Hash]) {
        let count = messages.len().min(hashes.len());
        let whole = count.saturating_sub(count.checked_rem(self.lanes()).unwrap_or(count));
        let (messages, last_messages) = messages.split_at(whole);
        let (hashes, last_hashes) = hashes.split_at_mut(whole);
        self.hash_groups(prefix, messages, hashes);
        one_by_one::hash_each(prefix, last_messages, last_hashes);
    }

    #[cfg(target_arch = "x86_64")]
    fn find_eight() -> Option<Self> {
        std::arch::is_x86_feature_detected!("avx2").then_some(Self(Kind::Eight))
    }

    #[cfg(target_arch = "x86_64")]
    fn find_sixteen() -> Option<Self> {
        let can = std::arch::is_x86_feature_detected!("avx512f")
            && std::arch::is_x86_feature_detected!("avx512bw");
        can.then_some(Self(Kind::Sixteen))
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn find_eight() -> Option<Self> {
        None
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn find_sixteen() -> Option<Self> {
        None
    }

    #[cfg_attr(
        target_arch = "x86_64",
        allow(
            unsafe_code,
            reason = "a call that only some processors can make; each is argued for"
        )
    )]
    fn hash_groups<const N: usize>(self, prefix: u8, messages: &[[u8; N]], hashes: &mut [Hash]) {
        match self.0 {
            Kind::One => one_by_one::hash_each(prefix, messages, hashes),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: only `find_eight` makes this kind, and it found AVX2.
            Kind::Eight => unsafe { crate::avx2::hash_groups(prefix, messages, hashes) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: only `find_sixteen` makes this kind, and it found AVX-512 F and BW.
            Kind::Sixteen => unsafe { crate::avx512::hash_groups(prefix, messages, hashes) },
        }
    }
}
