use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

/// What the bytes of an account must be to be listed.
pub(super) enum Filter {
    Size(usize),
    Bytes { offset: usize, bytes: Vec<u8> },
}

impl Filter {
    pub(super) fn read(value: &Value) -> Option<Self> {
        let size = |value: &Value| usize::try_from(value.as_u64()?).ok();
        if let Some(found) = value.get("dataSize") {
            return Some(Self::Size(size(found)?));
        }
        let memcmp = value.get("memcmp").filter(|memcmp| memcmp["encoding"] == "base64")?;
        let bytes = STANDARD.decode(memcmp["bytes"].as_str()?).ok()?;
        Some(Self::Bytes { offset: size(&memcmp["offset"])?, bytes })
    }

    pub(super) fn holds(&self, data: &[u8]) -> bool {
        match self {
            Self::Size(size) => data.len() == *size,
            Self::Bytes { offset, bytes } => {
                data.get(*offset..).is_some_and(|rest| rest.starts_with(bytes))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Filter;
    use serde_json::json;

    #[test]
    fn filters_are_read_as_solana_writes_them_or_not_at_all() {
        let base64 = |offset: u64, bytes: &str| json!({ "memcmp": { "offset": offset, "bytes": bytes, "encoding": "base64" } });
        for (filter, holds) in [
            (json!({ "dataSize": 4 }), true),
            (json!({ "dataSize": 5 }), false),
            (base64(0, "AQI="), true),
            (base64(2, "AwQ="), true),
            (base64(3, "BAU="), false),
            (base64(4, ""), true),
            (base64(5, ""), false),
            (base64(u64::MAX, "AQ=="), false),
        ] {
            let read = Filter::read(&filter).unwrap();
            assert_eq!(read.holds(&[1, 2, 3, 4]), holds, "{filter}");
        }
        for wrong in [
            json!(null),
            json!({}),
            json!({ "dataSize": -1 }),
            json!({ "dataSize": "4" }),
            json!({ "memcmp": { "offset": 0, "bytes": "AQI=" } }),
            json!({ "memcmp": { "offset": 0, "bytes": "2g", "encoding": "base58" } }),
            base64(0, "?"),
            json!({ "memcmp": { "bytes": "AQI=", "encoding": "base64" } }),
            json!({ "tokenAccountState": true }),
        ] {
            assert!(Filter::read(&wrong).is_none(), "{wrong}");
        }
    }
}
