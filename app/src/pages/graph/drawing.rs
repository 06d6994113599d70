use super::{EdgeView, NodeView};
use maud::{Markup, html};
use std::collections::BTreeMap;

const WIDTH: i32 = 190;
const HEIGHT: i32 = 44;
const COLUMN: i32 = 270;
const ROW: i32 = 70;
const MARGIN: i32 = 10;
/// How many letters of a name fit.
const LETTERS: usize = 22;

/// Draws receipts as boxes, a column a level, and links as lines between them.
pub(super) fn draw(nodes: &[NodeView], edges: &[EdgeView]) -> Markup {
    let places = place(nodes);
    let at = |digest: &str| places.get(digest).copied();
    let right = places.values().map(|(x, _)| *x).max().unwrap_or(0) + WIDTH + MARGIN;
    let bottom = places.values().map(|(_, y)| *y).max().unwrap_or(0) + HEIGHT + MARGIN;
    html! {
        div.scroll.drawing tabindex="0" role="region" aria-label="Graph" {
            svg width=(right) height=(bottom) viewBox={ "0 0 " (right) " " (bottom) } {
                @for edge in edges {
                    @if let (Some(from), Some(to)) = (at(&edge.parent), at(&edge.child)) { (line(from, to, edge.relation)) }
                }
                @for node in nodes { @if let Some(place) = at(&node.digest) { (self::node(node, place)) } }
            }
        }
    }
}

/// Where each box has its upper left corner.
fn place(nodes: &[NodeView]) -> BTreeMap<&str, (i32, i32)> {
    let first = nodes.iter().map(|node| node.level).min().unwrap_or(0);
    let mut rows: BTreeMap<i32, i32> = BTreeMap::new();
    let mut places = BTreeMap::new();
    for node in nodes {
        let row = rows.entry(node.level).or_default();
        let place = (MARGIN + (node.level - first) * COLUMN, MARGIN + *row * ROW);
        places.insert(node.digest.as_str(), place);
        *row += 1;
    }
    places
}

fn line((from_x, from_y): (i32, i32), (to_x, to_y): (i32, i32), relation: &str) -> Markup {
    let (start, end) = ((from_x + WIDTH, from_y + HEIGHT / 2), (to_x, to_y + HEIGHT / 2));
    let middle = (i32::midpoint(start.0, end.0), i32::midpoint(start.1, end.1) - 5);
    html! {
        line x1=(start.0) y1=(start.1) x2=(end.0) y2=(end.1) {}
        text.relation x=(middle.0) y=(middle.1) { (relation) }
    }
}

fn node(node: &NodeView, (x, y): (i32, i32)) -> Markup {
    let class = if node.level == 0 { "node here" } else { "node" };
    let status = node.status.unwrap_or("kept elsewhere");
    html! {
        a class=(class) href=(node.path()) {
            rect x=(x) y=(y) width=(WIDTH) height=(HEIGHT) rx="8" {}
            text x=(x + 10) y=(y + 19) { (short(node.name())) }
            " "
            text.status x=(x + 10) y=(y + 35) { (status) }
        }
    }
}

fn short(name: &str) -> String {
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    name.chars().take(LETTERS - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(digest: &str, level: i32) -> NodeView {
        NodeView { digest: digest.into(), run_id: Some("<b>".into()), status: None, level }
    }

    #[test]
    fn no_two_boxes_stand_in_one_place_and_names_are_texts() {
        let nodes = [view("a", -1), view("b", 0), view("c", 1), view("d", 1)];
        let places = place(&nodes);
        let mut all: Vec<_> = places.values().collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), nodes.len());
        assert!(places["a"].0 < places["b"].0 && places["b"].0 < places["c"].0);
        let drawn = draw(&nodes, &[]).into_string();
        assert!(drawn.contains("&lt;b&gt;") && !drawn.contains("<b>"), "{drawn}");
        assert!(draw(&[], &[]).into_string().contains("<svg"));
    }

    #[test]
    fn long_names_are_cut_between_letters() {
        assert_eq!(short("short"), "short");
        assert_eq!(short(&"ä".repeat(30)).chars().count(), LETTERS);
    }
}
