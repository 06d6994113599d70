//! The pages and their JSON twins, over a real connection.

use runseal_app::Application;
use runseal_client::{agents, registry};
use runseal_ledger::{AnyLedger, Embedded, Rpc};
use runseal_tests::{config_args, register_args};
use serde_json::Value;
use solana_commitment_config::CommitmentConfig;
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::net::SocketAddr;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
};

/// A running service over a ledger with one agent.
struct Service {
    address: SocketAddr,
    agent: String,
    _stop: oneshot::Sender<()>,
    _folder: TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) async fn start(ledger: AnyLedger) -> (SocketAddr, oneshot::Sender<()>) {
    let anywhere = "127.0.0.1:0".parse().unwrap();
    let application = Application::bind(anywhere, ledger, "a <test> ledger".into()).await.unwrap();
    let (address, (stop, stopped)) = (application.address(), oneshot::channel());
    tokio::spawn(application.run_until(async { stopped.await.unwrap_or(()) }));
    (address, stop)
}

impl Service {
    async fn start() -> Self {
        let (folder, vendor, identity) =
            (tempfile::tempdir().unwrap(), Keypair::new(), Keypair::new());
        let ledger = Embedded::open_or_create(folder.path(), vendor.pubkey()).unwrap();
        ledger.airdrop(&vendor.pubkey(), 1_000_000_000).await.unwrap();
        let args = config_args(vendor.pubkey());
        runseal_client::config::initialize(&ledger, &vendor, args).await.unwrap();
        let mut args = register_args();
        args.uri = "javascript:alert('<b>&\"')".into();
        agents::register(&ledger, &vendor, &identity, args).await.unwrap();
        let (address, stop) = start(AnyLedger::Embedded(Box::new(ledger))).await;
        let agent = registry::agent_address(&identity.pubkey()).to_string();
        Self { address, agent, _stop: stop, _folder: folder }
    }
}

async fn get(address: SocketAddr, path: &str) -> Answer {
    ask(address, format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"))
        .await
}

pub(crate) async fn post(address: SocketAddr, path: &str, body: &str) -> Answer {
    let size = body.len();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    );
    ask(address, head + body).await
}

async fn ask(address: SocketAddr, request: String) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_lowercase(), body: body.to_owned() }
}

pub(crate) fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {}", answer.body))
}

#[tokio::test]
async fn the_front_page_and_its_twin_show_the_ledger_s_agents() {
    let service = Service::start().await;
    let page = get(service.address, "/").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(&format!("href=\"/agents/{}\"", service.agent)), "{}", page.body);
    assert!(page.body.contains("What this does not mean"));
    assert!(page.body.contains("a &lt;test&gt; ledger"));
    let twin = json(&get(service.address, "/index.json").await);
    assert_eq!(twin["agents"][0]["address"], service.agent);
    assert_eq!((&twin["configured"], &twin["paused"]), (&true.into(), &false.into()));
}

#[tokio::test]
async fn hostile_text_from_the_chain_is_shown_as_text() {
    let service = Service::start().await;
    let page = get(service.address, &format!("/agents/{}", service.agent)).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("javascript:alert('&lt;b&gt;&amp;&quot;')"), "{}", page.body);
    assert!(!page.body.contains("<b>") && !page.body.contains("href=\"javascript:"));
    let twin = json(&get(service.address, &format!("/agents/{}.json", service.agent)).await);
    assert_eq!(twin["uri"], "javascript:alert('<b>&\"')");
}

#[tokio::test]
async fn every_answer_forbids_what_the_pages_do_not_need() {
    let service = Service::start().await;
    for path in [
        "/",
        "/index.json",
        "/nothing",
        "/agents/nothing",
        "/search?q=a",
        "/verify-here",
        "/act",
        "/act/register-agent",
        "/act/publish-version",
        "/act/open-log",
        "/act/nothing",
    ] {
        let head = get(service.address, path).await.head;
        assert!(head.contains("content-security-policy: default-src 'none'"), "{path}: {head}");
        // One page asks whom its visitor chooses, live ones ask this service, the others nobody.
        let policy =
            head.split("content-security-policy: ").nth(1).unwrap().lines().next().unwrap();
        let said = |name| policy.split("; ").find(|part| part.starts_with(name));
        let expected = match path {
            "/verify-here" => (
                Some("script-src 'self' 'wasm-unsafe-eval'"),
                Some("connect-src 'self' https: http://127.0.0.1:* http://localhost:*"),
            ),
            "/act/register-agent" | "/act/publish-version" | "/act/open-log" => (
                Some("script-src 'self'"),
                Some("connect-src 'self' https: http://127.0.0.1:* http://localhost:*"),
            ),
            "/" => (Some("script-src 'self'"), Some("connect-src 'self'")),
            _ => (None, None),
        };
        assert_eq!((said("script-src"), said("connect-src")), expected, "{path}: {head}");
        assert!(!head.contains("unsafe-inline"), "{path}: {head}");
        assert!(head.contains("x-content-type-options: nosniff"), "{path}: {head}");
    }
}

#[tokio::test]
async fn the_style_sheet_is_where_the_page_says_and_kept_for_ever() {
    let service = Service::start().await;
    let page = get(service.address, "/").await.body;
    let path = page.split("rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let style = get(service.address, path).await;
    assert_eq!(style.status, 200);
    assert!(style.head.contains("content-type: text/css") && style.head.contains("immutable"));
}

#[tokio::test]
async fn a_link_to_another_chain_is_refused() {
    let service = Service::start().await;
    let twin = json(&get(service.address, "/index.json").await);
    let genesis = twin["genesisHash"].as_str().unwrap();
    for path in ["/".to_owned(), format!("/agents/{}", service.agent), "/search".to_owned()] {
        let own = get(service.address, &format!("{path}?cluster={genesis}")).await;
        assert_eq!(own.status, 200, "{path}");
        for other in
            [genesis.to_lowercase().as_str(), "", "4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY"]
        {
            let answer = get(service.address, &format!("{path}?cluster={other}")).await;
            assert_eq!(answer.status, 421, "{path} {other}");
        }
    }
}

#[tokio::test]
async fn pages_without_a_store_show_what_is_on_chain_alone() {
    let service = Service::start().await;
    let agent = json(&get(service.address, &format!("/agents/{}.json", service.agent)).await);
    assert_eq!((&agent["receipts"], &agent["versions"]), (&Value::Null, &serde_json::json!([])));
    let digest = "0".repeat(64);
    for path in [
        format!("/receipts/{digest}.json"),
        format!("/receipts/{digest}/bundle.json"),
        "/run.json?id=r".to_owned(),
    ] {
        let answer = get(service.address, &path).await;
        assert_eq!((answer.status, &json(&answer)["code"]), (403, &"receipts_not_shown".into()));
    }
}

#[tokio::test]
async fn a_page_is_told_of_the_chain_where_no_receipts_are_shown() {
    let service = Service::start().await;
    let (agent, digest) = (&service.agent, "0".repeat(64));
    let mut marks = Vec::new();
    for of in [
        format!("account:{agent}"),
        format!("receipts:{agent}"),
        format!("receipt:{digest}"),
        "run:r".into(),
    ] {
        let mut stream = TcpStream::connect(service.address).await.unwrap();
        let request = format!("GET /live?of={of} HTTP/1.0\r\nHost: {}\r\n\r\n", service.address);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut told = String::new();
        while !told.contains("\n\n") {
            told.push(char::from(stream.read_u8().await.unwrap()));
        }
        assert!(told.contains("event: seen"), "{of}: {told}");
        let mark = told.split("\nid: ").nth(1).unwrap().lines().next().unwrap();
        marks.push(mark.to_owned());
    }
    // Of what is not shown the same is said, whatever there is.
    assert!(marks[0] != marks[1] && marks[1] == marks[2] && marks[2] == marks[3], "{marks:?}");
}

#[tokio::test]
async fn the_ledger_is_asked_in_solana_s_words_and_sent_nothing() {
    let service = Service::start().await;
    let agent = &service.agent;
    let program = registry::PROGRAM;
    let twin = json(&get(service.address, "/index.json").await);
    let call = |method: &str, params: Value| {
        let call =
            serde_json::json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params });
        let address = service.address;
        async move { json(&post(address, "/rpc", &call.to_string()).await) }
    };
    let genesis = call("getGenesisHash", serde_json::json!([])).await;
    assert_eq!((&genesis["result"], &genesis["id"]), (&twin["genesisHash"], &7.into()));
    let nobody = Keypair::new().pubkey().to_string();
    let read = call("getMultipleAccounts", serde_json::json!([[agent, nobody]])).await;
    let value = &read["result"]["value"];
    assert_eq!((&value[0]["owner"], &value[1]), (&program.to_string().into(), &Value::Null));
    assert!(read["result"]["context"]["slot"].is_u64());
    for (method, params) in [
        ("sendTransaction", serde_json::json!([""])),
        ("requestAirdrop", serde_json::json!([nobody, 1])),
        ("getMultipleAccounts", serde_json::json!([])),
        ("getMultipleAccounts", serde_json::json!([["nobody"]])),
        ("getMultipleAccounts", serde_json::json!([vec![agent; 101]])),
        ("getProgramAccounts", serde_json::json!([program.to_string()])),
        (
            "getProgramAccounts",
            serde_json::json!([program.to_string(), { "filters": [{ "dataSize": 192 }] }]),
        ),
        ("getProgramAccounts", serde_json::json!([nobody, { "filters": [] }])),
    ] {
        let answer = call(method, params.clone()).await;
        assert!(answer["error"]["code"].is_i64(), "{method} {params}: {answer}");
    }
    for text in ["", "{", "[]", "{}", "null"] {
        let answer = json(&post(service.address, "/rpc", text).await);
        assert_eq!(answer["error"]["code"], -32600, "{text}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said_in_the_language_that_was_asked_for() {
    let service = Service::start().await;
    let nobody = registry::agent_address(&Keypair::new().pubkey());
    let config = registry::config_address();
    let cases = [
        ("/nothing".to_owned(), 404, "not_found"),
        ("/agents/not-an-address".to_owned(), 400, "not_an_address"),
        (format!("/agents/{nobody}"), 404, "no_such_agent"),
        (format!("/agents/{config}"), 502, "account_not_understood"),
    ];
    for (path, status, code) in cases {
        let page = get(service.address, &path).await;
        assert!(page.status == status && page.body.starts_with("<!DOCTYPE html>"), "{path}");
        let twin = get(service.address, &format!("{path}.json")).await;
        assert_eq!((twin.status, &json(&twin)["code"]), (status, &code.into()), "{path}");
    }
}

#[tokio::test]
async fn a_dead_cluster_is_a_bad_gateway() {
    let nowhere = "http://127.0.0.1:9";
    let ledger = AnyLedger::Rpc(Rpc::new(nowhere, CommitmentConfig::confirmed()));
    let (address, _stop) = start(ledger).await;
    let answer = get(address, "/index.json").await;
    assert_eq!((answer.status, &json(&answer)["code"]), (502, &"ledger_unreachable".into()));
    // What a ledger is asked by may hold a key.
    assert!(!answer.body.contains("127.0.0.1:9"), "{}", answer.body);
}
