use std::fs;

use brimful::s3::error::{Kind, Thing};
use brimful::transfer::{DownloadItem, RowQuery, RowState, Selection};

use super::yard::{MIB, Yard, item, quick};

fn wanted(yard: &Yard, key: &str, name: &str) -> DownloadItem {
    DownloadItem { key: key.into(), size_bytes: 0, dest: yard.files.path().join("down").join(name), replace: false }
}

#[tokio::test(flavor = "multi_thread")]
async fn there_and_back_again_beside_what_is_there() {
    let yard = Yard::new(quick()).await;
    let path = yard.big_file("a.bin", 20 * MIB + 3);
    yard.send(vec![item(&path, "p/a.bin"), item(&yard.file("empty", b""), "p/empty")]);
    yard.all_ended().await;
    let down = yard.files.path().join("down");
    fs::create_dir(&down).unwrap();
    fs::write(down.join("a.bin"), b"my own").unwrap();

    let items = vec![wanted(&yard, "p/a.bin", "a.bin"), wanted(&yard, "p/empty", "deep/er/empty")];
    let batch = yard.engine.download(yard.store.clone(), "box", items);
    yard.all_ended().await;
    let rows = yard.engine.rows(&RowQuery { batch: Some(batch), range: 0..9, ..RowQuery::default() }).rows;
    let RowState::Done { verified, saved_as, .. } = &rows[0].state else { panic!("{:?}", yard.failures()) };
    assert_eq!((*verified, saved_as.clone()), (true, Some(down.join("a (2).bin"))));
    assert_eq!((rows[0].size_bytes, rows[0].sent_bytes), (20 * MIB + 3, 20 * MIB + 3));
    assert_eq!(fs::read(down.join("a.bin")).unwrap(), b"my own");
    assert!(fs::read(down.join("a (2).bin")).unwrap() == fs::read(&path).unwrap());
    assert_eq!(fs::read(down.join("deep/er/empty")).unwrap(), b"");
    assert_eq!(fs::read_dir(&down).unwrap().count(), 3);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(down.join("a (2).bin")), mode(down.join("a.bin")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_arrive_leaves_no_file() {
    let yard = Yard::new(quick()).await;
    let down = yard.files.path().join("down");
    fs::create_dir(&down).unwrap();
    yard.engine.download(yard.store.clone(), "box", vec![wanted(&yard, "no/such", "a.bin")]);
    yard.all_ended().await;
    let row = yard.engine.rows(&RowQuery { range: 0..1, ..RowQuery::default() }).rows.remove(0);
    let RowState::Failed { error } = row.state else { panic!("{row:?}") };
    assert_eq!(error.kind, Kind::NotThere(Thing::Object));

    yard.practice.put("box", "there", b"bytes").await;
    fs::write(down.join("file"), b"").unwrap();
    let blocked = wanted(&yard, "there", "file/in/the/way");
    yard.engine.download(yard.store.clone(), "box", vec![blocked]);
    yard.all_ended().await;
    assert_eq!(yard.failures().len(), 2);

    yard.engine.pause(&Selection::All);
    yard.engine.download(yard.store.clone(), "box", vec![wanted(&yard, "there", "b.bin")]);
    yard.engine.cancel(&Selection::All);
    assert_eq!(yard.engine.open_count(), 0);
    assert_eq!(fs::read_dir(&down).unwrap().count(), 1);
}
