use std::io::Write as _;

use super::{Gallery, checks, found};

const WIDE: &str = "[[rule]]\naccess = \"public\"\nwidth = { min = 100 }";

async fn two_pictures() -> Gallery {
    let gallery = Gallery::open(&[""]).await;
    gallery.jpeg("photos/big one.jpg", 1, 200, 100).await;
    gallery.jpeg("photos/small.jpg", 2, 50, 50).await;
    gallery
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_of_addresses_is_checked() {
    let gallery = two_pictures().await;
    let (big, small) = (gallery.address("shop/photos/big%20one.jpg"), gallery.address("shop/photos/small.jpg"));
    let gone = gallery.address("shop/photos/gone.jpg");
    // As people write it.
    let big = big.replace("%20", " ");
    let table = gallery.file("list.csv", &format!("sku;url\r\n1;{big}\r\n2;{small}\r\n3;\"{gone}\"\r\n4;\r\n"));
    let said = gallery.verify(WIDE, &[&table, "--json"]).await;
    let all = checks(&said.json());
    assert_eq!((said.code, all.len()), (1, 3), "{}", said.err);
    assert_eq!(found(&all, "shop/photos/big one.jpg"), [""; 0]);
    assert_eq!(found(&all, "shop/photos/small.jpg"), ["width"]);
    // A bucket that may not be listed does not say what is not there.
    assert_eq!(found(&all, "shop/photos/gone.jpg"), ["access"]);
    // The same path elsewhere.
    let host = gallery.address("");
    let said = gallery.verify(WIDE, &[&table, "--json", "--host", host.trim_end_matches('/')]).await;
    assert_eq!(checks(&said.json()), all);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_names_keys_and_places() {
    let gallery = two_pictures().await;
    let list = gallery.file("keys.txt", "photos/big one.jpg\n\ns3://shop/photos/small.jpg\n");
    let said = gallery.verify(WIDE, &[&list, "--json", "--keys-in", "s3://shop/"]).await;
    let all = checks(&said.json());
    assert_eq!((said.code, all.len()), (1, 2), "{}", said.err);
    assert_eq!(found(&all, "photos/small.jpg"), ["width"]);
    let said = gallery.verify(WIDE, &[&list]).await;
    assert!(said.code == 2 && said.err.contains("Add --keys-in s3://bucket/"), "{}", said.err);
    let one = gallery.verify(WIDE, &[&gallery.address("shop/photos/big%20one.jpg?v=2")]).await;
    assert_eq!(one.code, 0, "{}{}", one.out, one.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sitemap_names_images_and_pages() {
    let gallery = two_pictures().await;
    let image = |path: &str| format!("<image:image><image:loc>{}</image:loc></image:image>", gallery.address(path));
    let page = gallery.address("shop/index.html");
    let map = format!(
        "<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:image=\"http://www.google.com/schemas/sitemap-image/1.1\"><url><loc>{page}</loc>{}{}</url></urlset>",
        image("shop/photos/big%20one.jpg"),
        image("shop/photos/small.jpg"),
    );
    gallery.put("maps/1.xml", map.clone().into_bytes(), "application/xml").await;
    gallery.put("index.html", b"<!doctype html>".to_vec(), "text/html").await;
    let index =
        format!("<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>", gallery.address("shop/maps/1.xml"));
    gallery.put("sitemap.xml", index.into_bytes(), "application/xml").await;

    let said = gallery.verify(WIDE, &[&gallery.address("shop/sitemap.xml"), "--json"]).await;
    let all = checks(&said.json());
    assert_eq!((said.code, all.len()), (1, 2), "{}", said.err);
    assert_eq!(found(&all, "shop/photos/small.jpg"), ["width"]);

    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(map.as_bytes()).unwrap();
    gallery.put("packed.xml.gz", packed.finish().unwrap(), "application/gzip").await;
    let said = gallery.verify(WIDE, &[&gallery.address("shop/packed.xml.gz"), "--json"]).await;
    assert_eq!((said.code, checks(&said.json()).len()), (1, 2), "{}", said.err);

    let file = gallery.file("map.xml", &map);
    let html = "[[rule]]\nstatus = 200\ncontent_type = \"text/html\"";
    let said = gallery.verify(html, &[&file, "--pages", "--json"]).await;
    assert_eq!((said.code, checks(&said.json()).len()), (0, 1), "{}", said.err);

    let bare = gallery.file("bare.xml", &format!("<urlset><url><loc>{page}</loc></url></urlset>"));
    let said = gallery.verify(WIDE, &[&bare]).await;
    assert!(said.code == 2 && said.err.contains("names no images. Add --pages"), "{}", said.err);
    let said = gallery.verify(WIDE, &[&gallery.address("shop/index.html.xml")]).await;
    assert!(said.code == 2 && said.err.contains("the answer is 403"), "{}", said.err);
}
