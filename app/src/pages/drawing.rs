//! Boxes in columns and lines between them: a graph that one can walk.

use maud::{Markup, html};
use std::collections::BTreeMap;

const WIDTH: i32 = 176;
const HEIGHT: i32 = 44;
const COLUMN: i32 = 248;
const ROW: i32 = 70;
const MARGIN: i32 = 10;
/// How many letters of a name fit.
const LETTERS: usize = 20;

/// A box, which leads somewhere.
pub(super) struct Node {
    /// What lines call it.
    pub(super) key: String,
    pub(super) name: String,
    /// What stands below its name.
    pub(super) note: String,
    pub(super) path: String,
    /// Which column it is in; the one in the middle is in column 0.
    pub(super) level: i32,
}

/// A line from one box to another, and what stands at it.
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) says: String,
}

/// Where something has its upper left corner.
type Place = (i32, i32);

/// Where boxes are, and where a link of each number passes between them on its way: one that leads
/// over a column has a place there as a box has, and so runs behind none.
#[derive(Default)]
struct Places<'a> {
    boxes: BTreeMap<&'a str, Place>,
    passes: BTreeMap<usize, Vec<Place>>,
    rows: BTreeMap<i32, i32>,
}

/// Draws boxes, a column a level, and lines between them.
pub(super) fn draw(nodes: &[Node], edges: &[Edge]) -> Markup {
    let places = Places::of(nodes, edges);
    let at = |digest: &str| places.boxes.get(digest).copied();
    let all = || places.boxes.values().chain(places.passes.values().flatten());
    let right = all().map(|(x, _)| *x).max().unwrap_or(0) + WIDTH + MARGIN;
    let bottom = all().map(|(_, y)| *y).max().unwrap_or(0) + HEIGHT + MARGIN;
    html! {
        div.scroll.drawing tabindex="0" role="region" aria-label="Graph" {
            svg width=(right) height=(bottom) viewBox={ "0 0 " (right) " " (bottom) } {
                @for (number, edge) in edges.iter().enumerate() {
                    @if let (Some(from), Some(to)) = (at(&edge.from), at(&edge.to)) {
                        (line(from, places.passes.get(&number).map_or(&[], Vec::as_slice), to, &edge.says))
                    }
                }
                @for node in nodes { @if let Some(place) = at(&node.key) { (self::node(node, place)) } }
            }
        }
    }
}

impl<'a> Places<'a> {
    fn of(nodes: &'a [Node], edges: &[Edge]) -> Self {
        let first = nodes.iter().map(|node| node.level).min().unwrap_or(0);
        let levels: BTreeMap<&str, i32> =
            nodes.iter().map(|node| (node.key.as_str(), node.level - first)).collect();
        let mut places = Self::default();
        for node in nodes {
            let place = places.take(node.level - first);
            places.boxes.insert(&node.key, place);
        }
        for (number, edge) in edges.iter().enumerate() {
            let level = |digest: &str| levels.get(digest).copied().unwrap_or(0);
            let between = level(&edge.from) + 1..level(&edge.to);
            let passes = between.map(|level| places.take(level)).collect();
            places.passes.insert(number, passes);
        }
        places
    }

    /// Takes the next free place in a column.
    fn take(&mut self, column: i32) -> Place {
        let row = self.rows.entry(column).or_default();
        let place = (MARGIN + column * COLUMN, MARGIN + *row * ROW);
        *row += 1;
        place
    }
}

fn line(from: Place, passes: &[Place], to: Place, relation: &str) -> Markup {
    let middle_of = |(x, y): Place| (x, y + HEIGHT / 2);
    let ends = |place: Place| {
        let (x, y) = middle_of(place);
        [(x, y), (x + WIDTH, y)]
    };
    let mut points = vec![ends(from)[1]];
    points.extend(passes.iter().copied().flat_map(ends));
    points.push(middle_of(to));
    // What it says stands where it runs by itself.
    let (start, end) = match passes.first() {
        Some(pass) => (ends(*pass)[0], ends(*pass)[1]),
        None => (ends(from)[1], middle_of(to)),
    };
    let middle = (i32::midpoint(start.0, end.0), i32::midpoint(start.1, end.1) - 5);
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    html! {
        polyline points=(points.join(" ")) {}
        text.relation x=(middle.0) y=(middle.1) { (relation) }
    }
}

fn node(node: &Node, (x, y): (i32, i32)) -> Markup {
    let class = if node.level == 0 { "node here" } else { "node" };
    html! {
        a class=(class) href=(node.path) {
            rect x=(x) y=(y) width=(WIDTH) height=(HEIGHT) rx="8" {}
            text x=(x + 10) y=(y + 19) { (short(&node.name)) }
            " "
            text.status x=(x + 10) y=(y + 35) { (node.note) }
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

    fn view(key: &str, level: i32) -> Node {
        let (name, note) = ("<b>".into(), "completed".into());
        Node { key: key.into(), name, note, path: "/".into(), level }
    }

    #[test]
    fn no_two_boxes_stand_in_one_place_and_names_are_texts() {
        let nodes = [view("a", -1), view("b", 0), view("c", 1), view("d", 1)];
        let edge =
            |from: &str, to: &str| Edge { from: from.into(), to: to.into(), says: "<b>".into() };
        let edges = [edge("a", "b"), edge("a", "d"), edge("b", "c"), edge("a", "nobody")];
        let places = Places::of(&nodes, &edges);
        let mut all: Vec<_> = places.boxes.values().collect();
        // A link over a column takes a place that no box has.
        assert_eq!(places.passes[&1].len(), 1);
        all.extend(&places.passes[&1]);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), nodes.len() + 1);
        let x = |digest: &str| places.boxes[digest].0;
        assert!(x("a") < x("b") && x("b") < x("c"));
        let drawn = draw(&nodes, &edges).into_string();
        assert!(drawn.contains("&lt;b&gt;") && !drawn.contains("<b>"), "{drawn}");
        assert!(draw(&[], &[]).into_string().contains("<svg"));
    }

    #[test]
    fn long_names_are_cut_between_letters() {
        assert_eq!(short("short"), "short");
        assert_eq!(short(&"ä".repeat(30)).chars().count(), LETTERS);
    }
}
