//! Stages as people write them: letters from A to E.

use runseal_registry::constants::STAGE_COUNT;
use std::str::FromStr;

/// One stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stage(u8);

impl Stage {
    /// 1 for A to 5 for E.
    pub(crate) fn number(self) -> u8 {
        self.0
    }
}

impl FromStr for Stage {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = (1..).take(STAGE_COUNT);
        let letters = ["A", "B", "C", "D", "E"];
        let found = numbers.zip(letters).find(|(_, letter)| letter.eq_ignore_ascii_case(text));
        found
            .map(|(number, _)| Self(number))
            .ok_or_else(|| "stages are A, B, C, D and E".to_owned())
    }
}

/// Several stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stages(u8);

impl Stages {
    /// Bit n stands for stage n + 1.
    pub(crate) fn bits(self) -> u8 {
        self.0
    }
}

impl FromStr for Stages {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let stages: Result<Vec<Stage>, String> =
            text.chars().map(|letter| letter.to_string().parse()).collect();
        let bits = stages?.iter().fold(0, |bits, stage| bits | 1 << (stage.number() - 1));
        Ok(Self(bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_stages_and_nothing_else_is() {
        assert_eq!("C".parse(), Ok(Stage(3)));
        assert_eq!("e".parse(), Ok(Stage(5)));
        assert_eq!("ABD".parse(), Ok(Stages(0b01011)));
        for wrong in ["", "F", "AB", "1"] {
            assert!(wrong.parse::<Stage>().is_err(), "{wrong}");
        }
        assert!("AF".parse::<Stages>().is_err());
    }
}
