//! A firm's own policies: what is refused at start, with file and line, and where each stands.

use trust::access::PolicyFile;
use values::{Error, Kind};

use crate::harness::*;

fn own(text: &str) -> PolicyFile {
    PolicyFile { name: "own.cedar".to_owned(), text: text.to_owned() }
}

async fn refusal(house: &House, text: &str) -> Error {
    let refused = house.try_open(&[NOTES], &[own(text)]).await.err();
    let refused = refused.unwrap_or_else(|| panic!("was taken: {text}"));
    assert_eq!((refused.kind(), refused.code()), (Kind::Invalid, "policy.refused"), "{text}");
    refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_schema_does_not_know_is_refused_with_file_and_line() {
    let house = House::new().await;
    let cases = [
        // An attribute of a row that no list could follow.
        (
            4,
            "permit (principal, action == Action::\"client.list\", resource)\nwhen {\n  \
             resource.lead &&\n  resource.name == \"甲\" };",
        ),
        (
            3,
            "// 说明\n// permit (principal, action, resource) when { true };\n\
             permit (principal, action == Action::\"client.list\", resource) \
             when { resource has name && resource.name == \"甲\" };",
        ),
        // An attribute of a person.
        (2, "// 甲\npermit (principal, action, resource) when { principal.age > 3 };"),
        // An attribute of the circumstances.
        (1, "permit (principal, action, resource) when { context.hour < 8 };"),
        // An action.
        (2, "\npermit (principal, action == Action::\"client.eat\", resource);"),
        (
            3,
            "permit (principal, action == Action::\"client.list\", resource);\n\n\
             permit (principal, action == Action::\"client.eat\", resource);",
        ),
        // A kind of thing.
        (1, "permit (principal, action, resource is Invoice);"),
        // A truth compared with a text.
        (
            2,
            "permit (principal, action == Action::\"client.list\", resource)\n\
             when { resource.lead == \"yes\" };",
        ),
    ];
    for (line, text) in cases {
        let refused = refusal(&house, text).await;
        assert!(
            refused.en().starts_with(&format!("Policy file own.cedar, line {line}, ")),
            "line {line} of:\n{text}\n{}",
            refused.en()
        );
        assert!(refused.zh().starts_with(&format!("策略文件 own.cedar 第 {line} 行")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_syntax_error_is_refused_with_file_and_line() {
    let house = House::new().await;
    let cases = [
        (1, "permit (principal, action, resource"),
        (3, "// 一\npermit (principal, action, resource);\npermit principal;\n"),
        (2, "permit (principal, action, resource)\nwhen { resource.lead && };"),
    ];
    for (line, text) in cases {
        let refused = refusal(&house, text).await;
        assert!(refused.en().contains(&format!("own.cedar, line {line},")), "{}", refused.en());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_policy_cannot_name_a_single_client_nor_be_a_template() {
    let house = House::new().await;
    let cases = [
        (2, "\nforbid (principal, action == Action::\"client.list\", resource == Client::\"a\");"),
        (1, "forbid (principal, action == Action::\"client.list\", resource in Client::\"a\");"),
        (
            1,
            "forbid (principal, action == Action::\"client.list\", resource)\n\
             when { [Client::\"a\", Client::\"b\"].contains(resource) };",
        ),
        (
            3,
            "// 甲\n// 乙\nforbid (principal, action == Action::\"client.list\", resource)\n\
             unless { resource.lead || resource == Client::\"a\" };",
        ),
        (2, "\npermit (principal == ?principal, action, resource);"),
    ];
    for (line, text) in cases {
        let refused = refusal(&house, text).await;
        assert!(refused.en().contains(&format!("own.cedar, line {line},")), "{}", refused.en());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_policy_has_the_place_where_it_stands() {
    let house = House::new().await;
    let text = "// permit (principal, action == Action::\"client.list\", resource);
permit (principal, action == Action::\"client.list\", resource);

// 与上面相同；分号;也一样
@zh(\"第一条; 带 // 和 \\\" 的说明\")
permit (principal, action == Action::\"client.list\", resource);
permit (principal, action == Action::\"client.list\", resource);
permit (principal, action == Action::\"client.list\", resource); // 一行
  forbid (principal, action == Action::\"client.view\", resource) // 中间;
  when { resource.lead };
";
    let trust = house.try_open(&[NOTES], &[own(text)]).await.unwrap();
    let texts = trust.access.texts();
    let stated: Vec<(&str, Option<&str>)> = texts
        .iter()
        .filter(|policy| policy.place.starts_with("own.cedar"))
        .map(|policy| (policy.place.as_str(), policy.zh.as_deref()))
        .collect();
    let expected = [
        ("own.cedar:2", None),
        ("own.cedar:5", Some("第一条; 带 // 和 \" 的说明")),
        ("own.cedar:7", None),
        ("own.cedar:8", None),
        ("own.cedar:9", None),
    ];
    assert_eq!(stated, expected);
    let last = texts.last().unwrap();
    assert!(last.text.starts_with("forbid (") && last.text.ends_with("resource.lead };"));
    // The shipped ones have their places too, each its own.
    let mut places: Vec<String> = texts.iter().map(|policy| policy.place.clone()).collect();
    places.sort();
    places.dedup();
    assert_eq!(places.len(), texts.len());
    assert!(texts.iter().all(|policy| policy.text.ends_with(';')));
    assert!(places.contains(&"clients.cedar:4".to_owned()), "{places:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn policies_on_one_line_and_in_files_of_one_name_stay_apart() {
    let house = House::new().await;
    let text = "permit (principal, action == Action::\"client.list\", resource); \
                forbid (principal, action == Action::\"client.list\", resource);";
    let files = [own(text), own(text)];
    let trust = house.try_open(&[NOTES], &files).await.unwrap();
    let texts = trust.access.texts();
    assert_eq!(texts.iter().filter(|p| p.place.starts_with("own.cedar:1")).count(), 4);
    let actor = person(&["principal"]);
    assert!(!trust.access.allows(&actor, "client.list", 1, true, &[]).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_explanation_names_the_policies_that_decided() {
    let house = House::new().await;
    let text = "\n\n@zh(\"不许\")\nforbid (principal, action == Action::\"client.view\", resource)\n\
                when { resource.granted };";
    let trust = house.try_open(&[NOTES], &[own(text)]).await.unwrap();
    let (client, actor) = (a_client(), person(&["principal"]));
    let holder = trust::access::Holder::User(actor.user());
    relate(&trust, client, &[(trust::access::RelationKind::Granted, holder, None)]).await;
    let why = trust.access.explain(&actor, "client.view", 2, Some(client)).await.unwrap();
    assert!(!why.allowed && why.visible);
    assert_eq!(why.relations, ["granted"]);
    let places: Vec<&str> = why.policies.iter().map(|policy| policy.place.as_str()).collect();
    assert_eq!(places, ["own.cedar:3"]);
    assert_eq!(why.policies[0].zh.as_deref(), Some("不许"));
}
