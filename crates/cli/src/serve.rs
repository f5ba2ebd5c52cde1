//! `heng serve`: the server. Until set-up is done it answers this machine only; when it is asked
//! to stop it lets requests end, writes and seals the record, and goes.

use std::fs::{File, TryLockError};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

use app::{App, clients, identity, keys};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use values::{Error, Kind, Result};

use crate::config::Config;
use crate::output::Verdict;
use crate::{local, store, users};

/// How long requests may take to end once the server was asked to stop.
const GRACE: Duration = Duration::from_secs(8);
/// How often the server looks whether set-up was done.
const LOOK: Duration = Duration::from_secs(3);

/// Serves until it is asked to stop.
pub async fn run(config: &Config) -> Result<Verdict> {
    let lock = lock(config)?;
    let app = store::open(config, store::Make::IfMissing).await?;
    let served = serve(&app, config).await;
    local::close(config);
    let stopped = app.trust.record.stop().await;
    drop(lock);
    served.and(stopped).map(|()| Verdict::Good)
}

/// Two servers on one folder would each believe that they alone hold the keys.
fn lock(config: &Config) -> Result<File> {
    let folder = &config.store.data_dir;
    store::make_folder(folder)?;
    let file = File::create(folder.join("serve.lock")).map_err(Error::unavailable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::invalid(
            "data_dir",
            "serve.running",
            format!("{} 已有服务在运行", folder.display()),
            format!("A server runs already on {}", folder.display()),
        )),
        Err(TryLockError::Error(source)) => Err(Error::unavailable(source)),
    }
}

/// Serves an opened product.
pub async fn serve(app: &App, config: &Config) -> Result<()> {
    let tls = tls(config).await?;
    let wanted = listening_address(config)?;
    tidy_core(app).await;
    // Imports sweep their folder first, in which sealing again also writes.
    clients::upkeep(app).await?;
    clients::resume_imports(app).await?;
    keys::resume(app).await?;
    local::listen(app, config, &users::base(config, &config.server.listen))?;
    let stop = stop_signal()?;
    if !set_up(app).await? {
        let own = SocketAddr::new(loopback(wanted.ip()), wanted.port());
        let (told, done) = watch::channel(false);
        let watching = tokio::spawn(until_set_up(app.clone(), told));
        let waiting = if wanted.ip().is_loopback() { stop.clone() } else { either(&stop, done) };
        answer(app, own, tls.clone(), waiting, config).await?;
        watching.abort();
        if *stop.borrow() || wanted.ip().is_loopback() {
            return Ok(());
        }
    }
    answer(app, wanted, tls, stop, config).await
}

/// Finishes what a crash left in the core store. Without it the rest works, so it stops nothing.
async fn tidy_core(app: &App) {
    match app.core.sweep().await {
        Ok(found) if found.orphans + found.removed + found.destroyed > 0 => {
            let (orphans, removed, destroyed) = (found.orphans, found.removed, found.destroyed);
            tracing::info!(orphans, removed, destroyed, "the core store was swept");
        }
        Ok(_) => {}
        Err(error) => tracing::error!(?error, "the core store is away; all else is served"),
    }
}

async fn set_up(app: &App) -> Result<bool> {
    Ok(!identity::setup_is_open(app).await?)
}

fn listening_address(config: &Config) -> Result<SocketAddr> {
    let found = config.server.listen.to_socket_addrs().ok().and_then(|mut all| all.next());
    found.ok_or_else(|| {
        Error::invalid(
            "listen",
            "serve.listen",
            format!("监听地址有误：{}", config.server.listen),
            format!("This is no address to listen on: {}", config.server.listen),
        )
    })
}

const fn loopback(ip: IpAddr) -> IpAddr {
    if ip.is_loopback() { ip } else { IpAddr::V4(Ipv4Addr::LOCALHOST) }
}

async fn tls(config: &Config) -> Result<Option<RustlsConfig>> {
    let (cert, key) = match (&config.server.tls_cert, &config.server.tls_key) {
        (Some(cert), Some(key)) => (cert, key),
        (None, None) => return Ok(None),
        _ => {
            return Err(Error::invalid(
                "tls_cert",
                "serve.tls_half",
                "tls_cert 与 tls_key 须同时设置",
                "tls_cert and tls_key go together",
            ));
        }
    };
    // A provider that is already there is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    RustlsConfig::from_pem_file(cert, key).await.map(Some).map_err(|source| {
        Error::invalid(
            "tls_cert",
            "serve.tls",
            format!("证书或私钥不能使用：{source}"),
            format!("The certificate or its key cannot be used: {source}"),
        )
    })
}

/// Turns true when the process is asked to stop.
fn stop_signal() -> Result<watch::Receiver<bool>> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::internal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::internal)?;
    let (told, stop) = watch::channel(false);
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        let _ = told.send(true);
        // The receiver looks at the last value, so the sender may go.
    });
    Ok(stop)
}

/// Turns true when either does.
fn either(stop: &watch::Receiver<bool>, done: watch::Receiver<bool>) -> watch::Receiver<bool> {
    let (told, both) = watch::channel(false);
    let (mut stop, mut done) = (stop.clone(), done);
    tokio::spawn(async move {
        tokio::select! {
            _ = stop.wait_for(|yes| *yes) => {}
            _ = done.wait_for(|yes| *yes) => {}
        }
        let _ = told.send(true);
    });
    both
}

async fn until_set_up(app: App, told: watch::Sender<bool>) {
    loop {
        tokio::time::sleep(LOOK).await;
        match set_up(&app).await {
            Ok(false) => {}
            Ok(true) => {
                let _ = told.send(true);
                // Kept until it was heard.
                told.closed().await;
                return;
            }
            Err(error) => tracing::warn!(?error, "whether set-up is done could not be read"),
        }
    }
}

async fn answer(
    app: &App,
    address: SocketAddr,
    tls: Option<RustlsConfig>,
    mut stop: watch::Receiver<bool>,
    config: &Config,
) -> Result<()> {
    let listener = std::net::TcpListener::bind(address).map_err(|source| {
        Error::new(
            Kind::Unavailable,
            "serve.bind",
            format!("无法监听 {address}：{source}"),
            format!("Cannot listen on {address}: {source}"),
        )
    })?;
    let bound = listener.local_addr().map_err(Error::internal)?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let base = format!("{scheme}://{bound}");
    let handle = Handle::new();
    let stopping = handle.clone();
    tokio::spawn(async move {
        let _ = stop.wait_for(|yes| *yes).await;
        stopping.graceful_shutdown(Some(GRACE));
    });
    let service = app::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    announce(app, &base, config).await?;
    let served = match tls {
        Some(tls) => {
            let server = axum_server::from_tcp_rustls(listener, tls).map_err(Error::internal)?;
            server.handle(handle).serve(service).await
        }
        None => {
            let server = axum_server::from_tcp(listener).map_err(Error::internal)?;
            server.handle(handle).serve(service).await
        }
    };
    served.map_err(Error::unavailable)
}

/// The two lines that people and scripts wait for.
async fn announce(app: &App, base: &str, config: &Config) -> Result<()> {
    use std::io::Write;
    let mut lines = format!("listening on {base}\n");
    if let Some(token) = identity::begin_setup(app).await? {
        lines.push_str(&format!("setup: {base}/setup?token={token}\n"));
        if !config.server.listen.starts_with("127.") {
            tracing::info!("only this machine is answered until set-up is done");
        }
    }
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(lines.as_bytes()).and_then(|()| out.flush());
    Ok(())
}
