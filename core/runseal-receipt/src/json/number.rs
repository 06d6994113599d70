/// The largest integer that stands in JSON for itself alone: 2^53 - 1.
pub const MOST_INTEGER: i64 = 9_007_199_254_740_991;

/// From here on RFC 8785 spells integers with an exponent.
const FIRST_WITH_EXPONENT: f64 = 1e21;

/// A finite number, known by its value and not by its spelling: `5`, `5.0` and `50e-1` are one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number(Kind);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    /// At most [`MOST_INTEGER`] away from zero.
    Integer(i64),
    /// Finite, and not one of those integers.
    Double(f64),
}

// No number is NaN, so each equals itself.
impl Eq for Number {}

impl Number {
    /// Takes an integer; `None` if it is further than 2^53 - 1 from zero.
    #[must_use]
    pub fn from_integer(integer: i64) -> Option<Self> {
        let inside = integer.unsigned_abs() <= MOST_INTEGER.unsigned_abs();
        inside.then_some(Self(Kind::Integer(integer)))
    }

    /// Takes a double; `None` if it is not finite, or if RFC 8785 would spell it as an integer beyond
    /// 2^53 - 1, which is not read back.
    #[must_use]
    pub fn from_double(double: f64) -> Option<Self> {
        if let Some(integer) = integer_of(double) {
            return Some(Self(Kind::Integer(integer)));
        }
        let is_spelled_out = double.fract() == 0.0 && double.abs() < FIRST_WITH_EXPONENT;
        (double.is_finite() && !is_spelled_out).then_some(Self(Kind::Double(double)))
    }

    /// Returns the number if it is an integer of at most 2^53 - 1, and not negative.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        match self.0 {
            Kind::Integer(integer) => u64::try_from(integer).ok(),
            Kind::Double(_) => None,
        }
    }

    /// Returns the double next to the number, which is the number itself.
    #[must_use]
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "exact below 2^53")]
    pub fn as_f64(self) -> f64 {
        match self.0 {
            Kind::Integer(integer) => integer as f64,
            Kind::Double(double) => double,
        }
    }
}

/// Returns the integer that a double is, if it is one that stands for itself alone.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "exact below 2^53, and nothing else is converted"
)]
fn integer_of(double: f64) -> Option<i64> {
    let is_integer = double.fract() == 0.0 && double.abs() <= MOST_INTEGER as f64;
    is_integer.then_some(double as i64)
}
