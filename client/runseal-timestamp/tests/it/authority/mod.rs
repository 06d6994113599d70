//! A time-stamping authority made with openssl, as good or as bad as a test wants it.

use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

/// What an authority is like.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    /// Its key, in openssl's words.
    pub(crate) key: &'static [&'static str],
    /// What it signs.
    pub(crate) digest: &'static str,
    /// By which hash it names its certificate.
    pub(crate) names_by: &'static str,
    /// What its certificate says that it is for, if it does.
    pub(crate) purpose: Option<&'static str>,
    /// From when until when its certificate is valid.
    pub(crate) valid: (&'static str, &'static str),
    /// Whether another stands between it and the root.
    pub(crate) has_middle: bool,
}

pub(crate) const P_256: &[&str] = &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

pub(crate) const GOOD: Kind = Kind {
    key: P_256,
    digest: "sha256",
    names_by: "sha256",
    purpose: Some("critical,timeStamping"),
    valid: ("20200101000000Z", "20991231235959Z"),
    has_middle: false,
};

/// The authority: its keys and certificates in a folder.
pub(crate) struct Authority {
    folder: TempDir,
    kind: Kind,
}

const CONFIG: &str = "[req]
distinguished_name = name
prompt = no
[name]
CN = to be replaced
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[middle]
basicConstraints = critical,CA:TRUE
[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[tsa]
default_tsa = at
[at]
serial = serial
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = yes
";

impl Authority {
    pub(crate) fn new(kind: Kind) -> Self {
        let authority = Self { folder: tempfile::tempdir().unwrap(), kind };
        let purpose = kind.purpose.map(|purpose| format!("extendedKeyUsage = {purpose}\n"));
        let config = format!(
            "{CONFIG}signer_digest = {}\ness_cert_id_alg = {}\n[leaf]\nbasicConstraints = CA:FALSE\n{}",
            kind.digest,
            kind.names_by,
            purpose.unwrap_or_default()
        );
        authority.write("openssl.cnf", config.as_bytes());
        authority.write("index.txt", b"");
        authority.write("serial", b"01\n");
        let root = "req -config openssl.cnf -x509 -nodes -days 3650 -subj /CN=Root -extensions root
                    -keyout root.key -out root.pem -newkey";
        authority.openssl(&[&words(root)[..], P_256].concat());
        let mut issuer = "root";
        if kind.has_middle {
            authority.issue("middle", "middle", issuer, P_256, GOOD.valid);
            issuer = "middle";
        }
        authority.issue("tsa", "leaf", issuer, kind.key, kind.valid);
        authority
    }

    fn issue(&self, name: &str, form: &str, issuer: &str, key: &[&str], valid: (&str, &str)) {
        let request = format!(
            "req -config openssl.cnf -nodes -subj /CN={name} -keyout {name}.key -out {name}.csr -newkey"
        );
        self.openssl(&[&words(&request)[..], key].concat());
        let (from, until) = valid;
        let issue = format!(
            "ca -config openssl.cnf -batch -notext -in {name}.csr -out {name}.pem -cert {issuer}.pem
             -keyfile {issuer}.key -extensions {form} -startdate {from} -enddate {until}"
        );
        self.openssl(&words(&issue));
    }

    pub(crate) fn roots(&self) -> Vec<u8> {
        self.read("root.pem")
    }

    /// Answers a request.
    pub(crate) fn answer(&self, query: &[u8]) -> Vec<u8> {
        self.write("query", query);
        let mut reply = words(
            "ts -reply -config openssl.cnf -queryfile query -signer tsa.pem -inkey tsa.key -out answer",
        );
        if self.kind.has_middle {
            reply.extend(["-chain", "middle.pem"]);
        }
        self.openssl(&reply);
        self.read("answer")
    }

    /// Signs whatever it is, as a token is signed; `more` are further words for openssl.
    #[allow(dead_code, reason = "some tests only ask")]
    pub(crate) fn sign(&self, content: &[u8], more: &str) -> Vec<u8> {
        self.sign_as("1.2.840.113549.1.9.16.1.4", content, more)
    }

    /// The same for content of another kind.
    #[allow(dead_code, reason = "some tests only ask")]
    pub(crate) fn sign_as(&self, kind: &str, content: &[u8], more: &str) -> Vec<u8> {
        self.write("content", content);
        let sign = "cms -sign -binary -nodetach -outform DER -in content -out token -signer tsa.pem
                    -inkey tsa.key -nosmimecap";
        let mut sign = words(sign);
        let digest = format!("-md {}", self.kind.digest);
        sign.extend(words(&digest));
        sign.extend(["-econtent_type", kind]);
        sign.extend(words(more));
        self.openssl(&sign);
        self.read("token")
    }

    /// What openssl prints.
    pub(crate) fn openssl(&self, words: &[&str]) -> String {
        let output =
            Command::new("openssl").args(words).current_dir(self.folder.path()).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {words:?}: {stderr}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path().join(name), bytes).unwrap();
    }

    #[allow(dead_code, reason = "some tests only ask")]
    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        self.read(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap()
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn words(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}
