//! The real window: its options, and the thread it runs on.

use std::sync::Arc;

use eframe::Renderer;
use eframe::egui_wgpu::wgpu::{DeviceDescriptor, MemoryHints};
use eframe::egui_wgpu::{SurfaceConfig, WgpuConfiguration, WgpuSetup, WgpuSetupCreateNew};
use egui::{ViewportBuilder, vec2};

use crate::store::home::Home;
use crate::store::secrets::SecretStore;
use crate::theme::mark;

use super::App;
use super::core::Core;
use super::deps::Deps;

/// Opens the window and stays until it is closed.
///
/// # Errors
/// When there is no screen, no graphics adapter, or the background cannot be started.
pub fn run(home: Home) -> Result<(), WindowError> {
    let core = Core::start(home, SecretStore::open(), Deps::real()).map_err(WindowError::Background)?;
    let (width, height) = core.model.settings.window.map_or((1280.0, 800.0), |window| window.size);
    let mut viewport = ViewportBuilder::default()
        .with_app_id("brimful")
        .with_title("Brimful")
        .with_inner_size(vec2(width, height))
        .with_min_inner_size(vec2(720.0, 520.0))
        .with_drag_and_drop(true);
    if let Some(icon) = mark::icon_data() {
        viewport = viewport.with_icon(icon);
    }
    if core.model.settings.window.is_some_and(|window| window.maximized) {
        viewport = viewport.with_maximized(true);
    }
    let options = eframe::NativeOptions {
        viewport,
        event_loop_builder: event_loop_hook(),
        renderer: renderer(std::env::var("BRIMFUL_RENDERER").ok().as_deref()),
        wgpu_options: graphics(),
        ..Default::default()
    };
    eframe::run_native("brimful", options, Box::new(|cc| Ok(Box::new(App::new(&cc.egui_ctx, core)))))
        .map_err(|error| WindowError::Window(Box::new(error)))
}

/// egui's own set-up, but with small blocks of graphics memory: a gallery's textures come and go, and on a machine
/// without a graphics card they lie in the memory that the program is counted by.
fn graphics() -> WgpuConfiguration {
    let mut setup = WgpuSetupCreateNew::without_display_handle();
    let usual = Arc::clone(&setup.device_descriptor);
    setup.device_descriptor =
        Arc::new(move |adapter| DeviceDescriptor { memory_hints: MemoryHints::MemoryUsage, ..usual(adapter) });
    WgpuConfiguration {
        wgpu_setup: WgpuSetup::CreateNew(setup),
        surface: SurfaceConfig::LOW_LATENCY,
        ..Default::default()
    }
}

/// What paints the window: OpenGL on Linux, where a machine without a graphics card paints with it five times as fast
/// as with Vulkan in software; elsewhere the system's own (Metal, Direct3D). A person whose driver fails can say `glow`
/// or `wgpu`.
fn renderer(asked: Option<&str>) -> Renderer {
    match asked.and_then(|name| name.parse().ok()) {
        Some(renderer) => renderer,
        None if cfg!(target_os = "linux") => Renderer::Glow,
        None => Renderer::Wgpu,
    }
}

/// winit takes no file drops on Wayland, so where an X server is there too, the window starts on X11.
#[cfg(target_os = "linux")]
fn event_loop_hook() -> Option<eframe::EventLoopBuilderHook> {
    let x_server = std::env::var_os("DISPLAY").is_some_and(|display| !display.is_empty());
    x_server.then(|| {
        let hook: eframe::EventLoopBuilderHook = Box::new(|builder| {
            winit::platform::x11::EventLoopBuilderExtX11::with_x11(builder);
        });
        hook
    })
}

#[cfg(not(target_os = "linux"))]
fn event_loop_hook() -> Option<eframe::EventLoopBuilderHook> {
    None
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// The system refused threads.
    #[error("Brimful could not start its background work")]
    Background(#[source] std::io::Error),
    /// No screen, or no graphics adapter.
    #[error(
        "No window could be opened. Brimful needs a screen and OpenGL, Vulkan, Metal or Direct3D, in software if need be; \
         with BRIMFUL_RENDERER=wgpu or BRIMFUL_RENDERER=glow it tries another way to paint"
    )]
    Window(#[source] Box<dyn std::error::Error>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_can_say_what_paints() {
        assert_eq!(renderer(Some("wgpu")), Renderer::Wgpu);
        assert_eq!(renderer(Some("glow")), Renderer::Glow);
        assert_eq!(renderer(Some("crayons")), renderer(None));
    }
}
