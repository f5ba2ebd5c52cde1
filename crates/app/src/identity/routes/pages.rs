//! The pages that the server draws itself: set-up, the recovery sheet, a new password. They work
//! without script.

use std::collections::HashMap;

use axum::Form;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use values::{Error, Kind, Result};

use super::date;
use crate::App;
use crate::http::{Caller, Visitor, add_policy, nonce};
use crate::identity::operations::links;
use crate::identity::operations::people::Draft;
use crate::identity::operations::setup::{self, Founder, Founding, Step};
use crate::identity::rules::{self, ROLES, RoleKind};

type Fields = HashMap<String, String>;

/// The pages.
pub fn pages() -> Router<App> {
    Router::new()
        .route("/setup", get(show_setup).post(take_setup))
        .route("/reset", get(show_reset).post(take_reset))
        .route("/print/recovery", get(print_recovery))
}

const STYLE: &str = "
:root{color-scheme:light;--ink:#1d2129;--soft:#5b6472;--line:#d9dde3;--accent:#1f5f99}
*{box-sizing:border-box}
body{margin:0;background:#f5f6f8;color:var(--ink);
 font:15px/1.65 system-ui,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif}
main{max-width:760px;margin:32px auto;padding:28px 32px;background:#fff;
 border:1px solid var(--line);border-radius:8px}
h1{font-size:22px;margin:0 0 4px}h2{font-size:16px;margin:24px 0 8px}
p{margin:6px 0}.soft{color:var(--soft);font-size:13px}
fieldset{border:1px solid var(--line);border-radius:6px;margin:16px 0;padding:12px 16px}
legend{font-weight:600;padding:0 6px}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:10px 16px}
label{display:block;font-size:13px;color:var(--soft)}
input,select{width:100%;margin-top:3px;padding:8px 10px;font:inherit;color:var(--ink);
 border:1px solid #b9c0ca;border-radius:5px;background:#fff}
input:focus,select:focus,button:focus{outline:2px solid var(--accent);outline-offset:1px}
button,.button{display:inline-block;margin-top:16px;padding:9px 22px;font:inherit;color:#fff;
 background:var(--accent);border:0;border-radius:5px;cursor:pointer;text-decoration:none}
.wrong{margin:14px 0;padding:10px 14px;border-left:4px solid #b42318;background:#fdf0ee}
.blocks{display:grid;grid-template-columns:repeat(3,1fr);gap:12px;margin:18px 0;padding:0;
 list-style:none}
.blocks li{padding:12px;border:1px solid #555;border-radius:4px;
 font:18px ui-monospace,Consolas,monospace;letter-spacing:2px}
.blocks b{display:block;font:12px system-ui;color:var(--soft);letter-spacing:0}
@media(max-width:600px){main{margin:0;border:0;padding:20px}
 .pair,.blocks{grid-template-columns:1fr}}
@media print{body{background:#fff}main{border:0;margin:0}.screen{display:none}}
";

fn page(app: &App, status: StatusCode, title: &str, body: &Markup) -> Response {
    let nonce = nonce(app);
    let text = html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Heng 衡" }
                style nonce=(nonce) { (PreEscaped(STYLE)) }
            }
            body { main { (body) } }
        }
    };
    let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    let mut response = (status, headers, text.into_string()).into_response();
    add_policy(&mut response, &nonce);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn status_of(error: &Error) -> StatusCode {
    match error.kind() {
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Denied => StatusCode::FORBIDDEN,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::Limited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn wrong(error: Option<&Error>) -> Markup {
    html! {
        @if let Some(error) = error {
            div .wrong role="alert" { (error.zh()) br; span .soft lang="en" { (error.en()) } }
        }
    }
}

/// A page that only says what is wrong.
fn refusal(app: &App, error: &Error) -> Response {
    if let Some(source) = error.private_source() {
        tracing::error!(code = error.code(), ?source, "a page failed");
    }
    let body = html! {
        h1 { "无法继续" }
        (wrong(Some(error)))
        p { a .button href="/login" { "前往登录 Sign in" } }
    };
    page(app, status_of(error), "无法继续", &body)
}

fn text<'f>(fields: &'f Fields, key: &str) -> &'f str {
    fields.get(key).map_or("", |value| value.trim())
}

async fn show_setup(
    State(app): State<App>,
    visitor: Visitor,
    Query(fields): Query<Fields>,
) -> Response {
    match draw_setup(&app, &visitor, &fields, None).await {
        Ok(response) => response,
        Err(error) => refusal(&app, &error),
    }
}

async fn take_setup(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Response {
    match advance(&app, &visitor, &fields).await {
        Ok(response) => response,
        Err(error) if matches!(error.kind(), Kind::NotFound | Kind::Internal) => {
            refusal(&app, &error)
        }
        Err(error) => match draw_setup(&app, &visitor, &fields, Some(&error)).await {
            Ok(response) => response,
            Err(error) => refusal(&app, &error),
        },
    }
}

async fn draw_setup(
    app: &App,
    visitor: &Visitor,
    fields: &Fields,
    error: Option<&Error>,
) -> Result<Response> {
    let token = text(fields, "token");
    let status = error.map_or(StatusCode::OK, status_of);
    Ok(match setup::step(app, token, &visitor.origin).await? {
        Step::People => page(app, status, "首次设置", &people_form(fields, error)),
        Step::Recovery => {
            let blocks = setup::recovery_blocks(app, token, &visitor.origin).await?;
            page(app, status, "密钥恢复单", &recovery_form(token, &blocks, error))
        }
    })
}

async fn advance(app: &App, visitor: &Visitor, fields: &Fields) -> Result<Response> {
    let token = text(fields, "token");
    match setup::step(app, token, &visitor.origin).await? {
        Step::People => {
            let founding = founding(app, fields).await?;
            setup::found_through(app, &founding, Some(token), &visitor.origin).await?;
            draw_setup(app, visitor, fields, None).await
        }
        Step::Recovery => {
            setup::finish(app, token, text(fields, "block"), &visitor.origin).await?;
            let body = html! {
                h1 { "设置完成" }
                p { "机构已建立。请三位管理员分别登录，并按提示启用两步验证。" }
                p .soft lang="en" { "Done. Sign in and set up the second factor." }
                p { a .button href="/login" { "前往登录 Sign in" } }
            };
            Ok(page(app, StatusCode::OK, "设置完成", &body))
        }
    }
}

const OFFICES: [(&str, &str); 3] = [
    ("sysadmin", "系统管理员 · 建立账号、部门和设置"),
    ("secadmin", "安全管理员 · 授予角色与密级，保管密钥"),
    ("auditor", "审计员 · 查看和核验审计日志"),
];

async fn founding(app: &App, fields: &Fields) -> Result<Founding> {
    let mut people = Vec::new();
    for (office, _) in OFFICES {
        let field = |name: &str| text(fields, &format!("{office}_{name}")).to_owned();
        let password = fields.get(&format!("{office}_password")).map_or("", String::as_str);
        if fields.get(&format!("{office}_repeat")).map(String::as_str) != Some(password) {
            return Err(Error::invalid(
                "password",
                "password.repeat",
                "两次输入的密码不一致",
                "The two passwords differ",
            ));
        }
        let mut roles = vec![office.to_owned()];
        roles.extend(Some(field("role")).filter(|role| !role.is_empty()));
        let clearance = roles.iter().filter_map(|id| rules::role(id)).map(|r| r.clearance).max();
        let name = field("name");
        let training = field("training");
        let training = Some(training.trim()).filter(|day| !day.is_empty());
        let training_until = training.map(|day| date("training", day)).transpose()?;
        people.push(Founder {
            password_hash: setup::founder_password(app, password, &name).await?,
            draft: Draft {
                name,
                display_name: field("display"),
                roles,
                clearance,
                training_until,
                ..Draft::default()
            },
            department: Some(text(fields, "department").to_owned()).filter(|d| !d.is_empty()),
            totp_seed: None,
        });
    }
    Ok(Founding { firm: text(fields, "firm").to_owned(), people })
}

fn people_form(fields: &Fields, error: Option<&Error>) -> Markup {
    html! {
        h1 { "Heng 衡 首次设置" }
        p .soft { "第一步，共两步：机构与三位管理员。三个管理职务须由三个人担任，可兼任一个业务角色。" }
        p .soft lang="en" { "Step 1 of 2: the firm and its three administrators." }
        (wrong(error))
        form method="post" action="/setup" autocomplete="off" {
            input type="hidden" name="token" value=(text(fields, "token"));
            div .pair {
                label { "机构名称 Firm"
                    input name="firm" required maxlength="60" value=(text(fields, "firm"));
                }
                label { "部门（可不填）Department"
                    input name="department" maxlength="60" value=(text(fields, "department"));
                }
            }
            @for (office, title) in OFFICES { (person_fields(fields, office, title)) }
            p .soft { "密码至少 12 个字符；或至少 8 个字符且含大写、小写、数字、符号中的三种。" }
            button type="submit" { "下一步 Next" }
        }
    }
}

fn person_fields(fields: &Fields, office: &str, title: &str) -> Markup {
    let key = |name: &str| format!("{office}_{name}");
    let value = |name: &str| text(fields, &key(name)).to_owned();
    html! {
        fieldset {
            legend { (title) }
            div .pair {
                label { "姓名 Name"
                    input name=(key("display")) required maxlength="60" value=(value("display"));
                }
                label { "用户名 User name"
                    input name=(key("name")) required maxlength="40" autocapitalize="none"
                        value=(value("name"));
                }
                label { "密码 Password"
                    input type="password" name=(key("password")) required
                        autocomplete="new-password";
                }
                label { "再输一次 Again"
                    input type="password" name=(key("repeat")) required
                        autocomplete="new-password";
                }
                label { "保密培训有效期至 Trained until"
                    input type="date" name=(key("training")) value=(value("training"))
                        title="不填则密级暂按 2 级，之后由安全管理员登记";
                }
                label { "兼任业务角色 Business role"
                    select name=(key("role")) {
                        option value="" { "不兼任" }
                        @for role in ROLES.iter().filter(|r| r.kind == RoleKind::Business) {
                            option value=(role.id) selected[value("role") == role.id] {
                                (role.zh) " " (role.en)
                            }
                        }
                    }
                }
            }
        }
    }
}

fn sheet(blocks: &[String]) -> Markup {
    html! {
        ol .blocks {
            @for (index, block) in blocks.iter().enumerate() {
                li { b { "第 " (index + 1) " 组" } (block) }
            }
        }
        p { "持有此单的人可以读取全部加密信息；丢失主密钥又没有此单，加密信息无法找回。" }
        p { "请打印两份，分别封存在保险柜等安全处，不要拍照，不要存入电脑。" }
        p .soft lang="en" {
            "Whoever holds this sheet can read every sealed field; without the key and the sheet \
             nobody can. Keep it on paper, locked away."
        }
    }
}

fn recovery_form(token: &str, blocks: &[String], error: Option<&Error>) -> Markup {
    html! {
        h1 { "主密钥恢复单" }
        p .soft .screen { "第二步，共两步：请打印本页，再输入最后一组以确认已保存。" }
        p .soft .screen lang="en" { "Step 2 of 2: print this page, then type its last block." }
        div .screen { (wrong(error)) }
        (sheet(blocks))
        form .screen method="post" action="/setup" autocomplete="off" {
            input type="hidden" name="token" value=(token);
            label { "请照打印件输入第 " (blocks.len()) " 组 The last block"
                input name="block" required autocapitalize="characters" spellcheck="false";
            }
            button type="submit" { "完成设置 Finish" }
        }
    }
}

async fn print_recovery(
    State(app): State<App>,
    caller: Result<Caller, crate::http::Problem>,
) -> Response {
    let blocks = match caller {
        Ok(caller) => setup::print_recovery(&app, &caller.actor).await,
        Err(_) => Err(rules::ended()),
    };
    match blocks {
        Ok(blocks) => {
            let body = html! { h1 { "主密钥恢复单" } (sheet(&blocks)) };
            page(&app, StatusCode::OK, "主密钥恢复单", &body)
        }
        Err(error) => refusal(&app, &error),
    }
}

fn reset_form(token: &str, who: &str, error: Option<&Error>) -> Markup {
    html! {
        h1 { "设置密码" }
        p { (who) "，请设置新密码。设置后，原有的登录、接口令牌和两步验证全部失效。" }
        p .soft lang="en" {
            "Choose a new password. Sessions, tokens and the second factor end with the old one."
        }
        (wrong(error))
        form method="post" action="/reset" autocomplete="off" {
            input type="hidden" name="token" value=(token);
            div .pair {
                label { "新密码 Password"
                    input type="password" name="password" required autocomplete="new-password";
                }
                label { "再输一次 Again"
                    input type="password" name="repeat" required autocomplete="new-password";
                }
            }
            p .soft { "密码至少 12 个字符；或至少 8 个字符且含大写、小写、数字、符号中的三种。" }
            button type="submit" { "保存 Save" }
        }
    }
}

async fn show_reset(
    State(app): State<App>,
    visitor: Visitor,
    Query(fields): Query<Fields>,
) -> Response {
    let token = text(&fields, "token");
    match links::look(&app, token, &visitor.origin).await {
        Ok(who) => {
            let body = reset_form(token, &who.display_name, None);
            page(&app, StatusCode::OK, "设置密码", &body)
        }
        Err(error) => refusal(&app, &error),
    }
}

async fn take_reset(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Response {
    let token = text(&fields, "token");
    let password = fields.get("password").map_or("", String::as_str);
    let done = if fields.get("repeat").map(String::as_str) == Some(password) {
        links::redeem(&app, token, password, &visitor.origin).await
    } else {
        Err(Error::invalid(
            "password",
            "password.repeat",
            "两次输入的密码不一致",
            "The two passwords differ",
        ))
    };
    match done {
        Ok(()) => {
            let body = html! {
                h1 { "密码已设置" }
                p { a .button href="/login" { "前往登录 Sign in" } }
            };
            page(&app, StatusCode::OK, "密码已设置", &body)
        }
        Err(error) if error.kind() == Kind::Invalid => {
            match links::look(&app, token, &visitor.origin).await {
                Ok(who) => {
                    let body = reset_form(token, &who.display_name, Some(&error));
                    page(&app, status_of(&error), "设置密码", &body)
                }
                Err(error) => refusal(&app, &error),
            }
        }
        Err(error) => refusal(&app, &error),
    }
}
