//! The shipped catalogue, and what faulty ones are refused for.

use super::*;

fn shipped() -> Catalogue {
    Catalogue::embedded().unwrap()
}

fn item(key: &str) -> Item {
    shipped().item(key).unwrap().clone()
}

fn columns(text: &str) -> Result<Columns> {
    Columns::parse(text, &shipped())
}

#[test]
fn the_shipped_catalogue_has_sixty_items_in_their_order() {
    let catalogue = shipped();
    assert_eq!(catalogue.items().len(), 60);
    assert_eq!(catalogue.items()[0].key, "enterprise_name");
    assert_eq!(catalogue.items()[59].key, "calendar");
    assert!(catalogue.items().iter().all(|i| catalogue.item(&i.key) == Some(i)));
    assert_eq!(catalogue.item("nothing"), None);
}

#[test]
fn statements_and_tax_returns_are_at_level_four() {
    for key in ["statements", "tax_return"] {
        assert_eq!(item(key).level, 4);
        assert!(item(key).sealed);
    }
}

#[test]
fn the_legal_representatives_number_is_sealed_and_two_roles_may_reveal_it() {
    let number = item("legal_rep_id_no");
    assert!(number.sealed && number.readers.is_empty());
    assert_eq!((number.level, number.searchable), (4, Search::Blind));
    assert_eq!(number.mask, [Mask::IdNumber]);
    assert_eq!(number.reveal_roles, ["tax_adviser", "financing_adviser"]);
}

#[test]
fn phones_identity_numbers_and_accounts_can_be_found_by_exact_value() {
    let found: Vec<String> = shipped()
        .items()
        .iter()
        .filter(|i| i.searchable == Search::Blind)
        .map(|i| i.key.clone())
        .collect();
    assert_eq!(found, ["legal_rep_id_no", "contact", "corporate_account"]);
}

#[test]
fn everything_sensitive_about_persons_is_sealed_at_level_four() {
    let catalogue = shipped();
    let sensitive = [Category::PersonalSensitive, Category::Authentication];
    for item in catalogue.items().iter().filter(|i| sensitive.contains(&i.category)) {
        assert_eq!(item.level, 4, "{}", item.key);
        assert!(item.sealed, "{}", item.key);
    }
}

#[test]
fn a_faulty_item_is_refused_and_named() {
    let right = "[[item]]\nkey = \"a\"\nname = { zh = \"甲\", en = \"A\" }\n\
                 class = { category = \"personal\", level = 3 }\nreaders = [\"all\"]\n\
                 writers = [\"system\"]\nretention = { basis = \"created\", years = 3 }\n\
                 mask = [\"phone\"]\nsealed = true\nsearchable = \"blind\"\n";
    assert!(Catalogue::parse(right).is_ok());
    for (from, to) in [
        ("\"a\"", "\"\""),
        ("\"a\"", "\"technical\""),
        ("\"a\"", "\"A b\""),
        ("甲", ""),
        ("level = 3", "level = 0"),
        ("level = 3", "level = 5"),
        ("level = 3", "level = 2"),
        ("\"all\"", "\"boss\""),
        ("\"phone\"", "\"none\""),
        ("\"phone\"", "\"stars\""),
        ("years = 3", "years = 3, months = 1"),
        ("\"personal\"", "\"impersonal\""),
        ("\"created\"", "\"sometime\""),
        ("sealed = true", "sealed = false"),
        ("\"blind\"", "\"text\""),
        ("sealed = true", "sealed = true\ncolour = \"red\""),
    ] {
        let refused = Catalogue::parse(&right.replacen(from, to, 1)).unwrap_err();
        assert_eq!(refused.code(), "vault.catalogue", "{to}");
    }
    let twice = Catalogue::parse(&right.repeat(2)).unwrap_err();
    assert_eq!(twice.field(), Some("a"));
}

#[test]
fn columns_take_level_mask_and_form_from_their_item() {
    let columns = columns(
        "[client]\nid = \"technical\"\nname = \"enterprise_name\"\n\
         legal_rep_name = \"legal_rep_name\"\nlegal_rep_id_no = \"legal_rep_id_no\"\n\
         legal_rep_id_no_token = { item = \"legal_rep_id_no\", form = \"token\" }\n\
         [contact]\nphone = { item = \"contact\", mask = \"phone\" }\n\
         title = { item = \"contact\", mask = \"none\", form = \"clear\" }\n\
         [user]\npassword = { item = \"credentials\", form = \"hashed\" }\n\
         [owner]\nid_no = { item = \"ownership\", mask = \"id_number\", level = 4 }\n",
    )
    .unwrap();
    let of = |table, column| {
        let class: &ColumnClass = columns.of(table, column).unwrap();
        (class.level, class.mask, class.form)
    };
    assert_eq!(of("client", "id"), (1, Mask::None, Form::Clear));
    assert_eq!(of("client", "name"), (1, Mask::None, Form::Clear));
    assert_eq!(of("client", "legal_rep_name"), (2, Mask::PersonName, Form::Clear));
    assert_eq!(of("client", "legal_rep_id_no"), (4, Mask::IdNumber, Form::Sealed));
    assert_eq!(of("client", "legal_rep_id_no_token"), (4, Mask::Hidden, Form::Token));
    assert_eq!(of("contact", "phone"), (3, Mask::Phone, Form::Sealed));
    assert_eq!(of("contact", "title"), (3, Mask::None, Form::Clear));
    assert_eq!(of("user", "password"), (4, Mask::Hidden, Form::Hashed));
    assert_eq!(of("owner", "id_no"), (4, Mask::IdNumber, Form::Sealed));
    assert_eq!(columns.iter().count(), 9);
}

#[test]
fn columns_that_are_careless_with_their_item_are_refused_by_name() {
    for line in [
        "x = \"no_such_item\"",
        "x = \"contact\"",
        "x = { item = \"contact\", mask = \"bank_account\" }",
        "x = { item = \"credentials\", mask = \"none\" }",
        "x = { item = \"legal_rep_id_no\", form = \"clear\" }",
        "x = { item = \"enterprise_name\", form = \"token\" }",
        "x = { item = \"enterprise_name\", form = \"sealed\" }",
        "x = { item = \"legal_rep_id_no\", level = 3 }",
        "x = { item = \"legal_rep_name\", level = 5 }",
        "x = { item = \"technical\", form = \"sealed\" }",
    ] {
        let refused = columns(&format!("[t]\n{line}\n")).unwrap_err();
        assert_eq!(refused.field(), Some("t.x"), "{line}");
    }
    assert!(columns("[t]\nx = { item = \"contact\", mask = \"phone\", colour = 1 }").is_err());
    assert!(columns("x = 1").is_err());
}

#[test]
fn columns_that_are_missing_on_either_side_are_found() {
    let columns = columns("[a]\nx = \"technical\"\ny = \"technical\"\n").unwrap();
    let store = [("a", "x"), ("b", "x")];
    assert_eq!(columns.unclassified(&store), [("b".to_owned(), "x".to_owned())]);
    assert_eq!(columns.absent(&store), [("a".to_owned(), "y".to_owned())]);
}
