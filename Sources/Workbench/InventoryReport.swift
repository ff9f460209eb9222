package import Reporting
import SourceDocuments

/// An inventory on a terminal and for programs.
package struct InventoryReport {
    let inventory: Inventory
    let paths: PathWriter
    let style: TextStyle

    package init(_ inventory: Inventory, style: TextStyle = .plain) {
        self.inventory = inventory
        self.style = style
        paths = PathWriter(inventory)
    }

    private var valued: [Int] { inventory.shapes.indices.filter { inventory.shapes[$0].hasValue } }

    package var text: String {
        var lines = [
            style.bold(CoverageText.plural(inventory.documents.count, "document"))
                + " · \(inventory.format?.rawValue ?? "") · \(CoverageText.plural(valued.count, "path")) with values"
        ]
        for root in inventory.roots { if let name = paths.root(root) { lines.append("  root       \(name)") } }
        for namespace in inventory.namespaces {
            lines.append("  namespace  \(paths.prefixes[namespace] ?? "-")  \(namespace)")
        }
        lines.append("")
        let rows = valued.map { row($0) }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in [["in", "times", "kind", "path   what values look like"]] + rows {
            let cells = (0..<3).map { row[$0] + String(repeating: " ", count: max(0, widths[$0] - row[$0].count)) }
            lines.append("  " + cells.joined(separator: "  ") + "  " + row[3])
        }
        return lines.joined(separator: "\n")
    }

    private func row(_ index: Int) -> [String] {
        let shape = inventory.shapes[index]
        let times = shape.least == shape.most ? "\(shape.most)" : "\(shape.least)–\(shape.most)"
        return [
            "\(shape.documents)/\(inventory.documents.count)", times, shape.kind?.rawValue ?? "",
            paths.path(index) + "   " + style.dim(shape.examples.joined(separator: " | ")),
        ]
    }

    package var json: JSONValue {
        .members([
            "schema": .string("linkway.scan/1"), "format": .text(inventory.format?.rawValue),
            "documents": .array(inventory.documents.map { .string($0) }),
            "roots": .array(inventory.roots.compactMap { paths.root($0).map { .string($0) } }),
            "namespaces": .array(
                inventory.namespaces.map {
                    .members(["uri": .string($0), "prefix": .text(paths.prefixes[$0])])
                }),
            "paths": .array(
                valued.map { index in
                    let shape = inventory.shapes[index]
                    return .members([
                        "path": .string(paths.path(index)), "documents": .number(shape.documents),
                        "least": .number(shape.least), "most": .number(shape.most), "kind": .text(shape.kind?.rawValue),
                        "repeated": .bool(inventory.chain(index).contains { inventory.shapes[$0].isRepeated }),
                        "shapes": .array(shape.examples.map { .string($0) }),
                    ])
                }),
        ])
    }
}
