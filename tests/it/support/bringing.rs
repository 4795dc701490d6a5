//! What brings files to the window: drops, hovering files, pastes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Person;

/// A file as the window system hands it over.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("nobody should read a dropped file on the window's thread".to_owned())
    }
}

impl Person {
    /// Drops files or folders on the window, all in one frame.
    pub(crate) fn drops(&mut self, paths: &[PathBuf]) {
        let files: Vec<egui::DroppedFileHandle> =
            paths.iter().map(|path| Arc::new(Dropped(path.clone())) as egui::DroppedFileHandle).collect();
        self.input(|input| {
            input.hovered_files.clear();
            input.dropped_files = files;
        });
    }

    /// Holds files over the window.
    pub(crate) fn hovers(&mut self, paths: &[PathBuf]) {
        let files = paths.iter().map(|path| egui::HoveredFile { path: Some(path.clone()), ..Default::default() });
        let files: Vec<_> = files.collect();
        for _ in 0..30 {
            self.input(|input| input.hovered_files.clone_from(&files));
        }
    }

    /// Pastes a picture that is on the clipboard without being a file.
    pub(crate) fn pastes_a_picture(&mut self, width: usize, height: usize) {
        let image = egui::ColorImage::filled([width, height], egui::Color32::LIGHT_BLUE);
        self.harness.event(egui::Event::PasteImage(Arc::new(image)));
        self.harness.step();
        self.waits_a_moment();
    }

    /// Presses Ctrl+V while the clipboard holds nothing but copied files: the window hears only the key come up.
    pub(crate) fn pastes_copied_files(&mut self, paths: &[PathBuf]) {
        *self.copied_files.lock().unwrap() = paths.to_vec();
        self.harness.event(egui::Event::Key {
            key: egui::Key::V,
            physical_key: None,
            pressed: false,
            repeat: false,
            modifiers: egui::Modifiers::COMMAND,
        });
        self.harness.step();
        self.waits_a_moment();
    }
}
