import CLibXML2
import Reporting
import Testing

@testable import SourceDocuments

/// Numbers that look random and are the same in every run.
struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(sides))
    }
}

@Suite("whatever is written as a path")
struct PathFuzzTests {
    static let seeds: [PathLanguage: [String]] = [
        .xpath: PathXPathTests.expressions,
        .jsonPath: [
            "$.needs[?@.code=='a' && !@.x].n", "$..[?count(@.*)>1]", "$['a','b',0,1:5:2,?@.n<=-1.5e3]", "$[-1][::-1]",
            "@.x[?length(@.a)==value($..c)]",
            "$[?(@.a||@.b)&&@.c!=null]", "$.\u{263A}['\\u263A\\n']", "$[9007199254740991]",
        ],
        .fhirPath: PathFHIRPathTests.selections.map(\.0) + [
            "name.given.substring(1, 2) & 'x' + 'y'", "name.given.first().replace('A', '').upper()",
            "(1 | 2.50 | -3) contains 2.5 implies {} = {}",
            "@2026-03-02T09:14:00.123+01:00 > @2026 and @T10:00 < @T11",
            "entry.all($this.fullUrl.indexOf('u') = 0) xor %sct ~ 'X'", "name.select(given | family).isDistinct()",
            "name.given.trim().endsWith('a').not() // comment",
            "entry.resource.subsetOf(Bundle.entry.resource) /* c */",
        ],
    ]

    @Test(
        "compiling ends in a path or a problem within its text, and running it ends",
        arguments: [PathLanguage.xpath, .jsonPath, .fhirPath])
    func anything(_ language: PathLanguage) throws {
        var dice = Dice(state: 7)
        let seeds = try #require(Self.seeds[language])
        var bench =
            switch language {
            case .xpath: PathBench(PathXPathTests.letter, PathContext(language: .xpath), as: .xml)
            case .jsonPath:
                PathBench(
                    #"{"needs":[{"code":"a","n":1},[2,"x",null,[[]]]],"x":{"a":"d","c":-1.5e3}}"#,
                    PathContext(language: .jsonPath), as: .json)
            case .fhirPath: PathFHIRPathTests.bench()
            }
        bench.context.namespaces = language == .xpath ? PathXPathTests.namespaces : [:]
        bench.evaluator.limit = 100_000
        var compiled = 0
        for _ in 0..<6000 {
            var bytes = Array(seeds[dice.roll(seeds.count)].utf8)
            for _ in 0...dice.roll(4) { Self.mutate(&bytes, seeds, &dice) }
            let text = String(decoding: bytes, as: UTF8.self)
            switch Path.compileExpression(text, in: bench.context, symbols: &bench.document.symbols) {
            case .failure(let problem):
                #expect(problem.offset >= 0 && problem.offset <= text.utf8.count, "\(text)")
            case .success(let path):
                compiled += 1
                bench.evaluator.begin(bench.document)
                var result: [NodeID] = []
                let node = NodeID(dice.roll(bench.document.nodes.count - 1) + 1)
                bench.evaluator.select(path, from: node, in: &bench.document, into: &result)
                _ = bench.evaluator.test(path, from: node, in: &bench.document)
                if path.isPattern, !bench.agrees(path) {
                    Issue.record("the pattern does not match what it selects: \(text)")
                }
            }
        }
        print("\(language.rawValue): \(compiled) of 6000 changed paths were still paths")
    }

    @Test("paths put together at random select what libxml2 selects")
    func randomPaths() throws {
        var dice = Dice(state: 11)
        let trees = try #require(TwoTrees(PathXPathTests.letter))
        let root = try #require(xmlDocGetRootElement(trees.tree))
        var compared = 0
        var selecting = 0
        for _ in 0..<4000 {
            let text = Self.path(&dice, depth: 0)
            let context = PathContext(language: .xpath, namespaces: PathXPathTests.namespaces)
            guard case .success(let found) = trees.ours(text, context) else { continue }
            let wanted = trees.oracle(text, at: root, namespaces: PathXPathTests.namespaces)
            compared += 1
            if found != .nodes([]) { selecting += 1 }
            #expect(found == wanted, "\(text)")
        }
        print("random XPath: \(compared) of 4000 compared with libxml2, \(selecting) of them selected something")
    }

    private static func path(_ dice: inout Dice, depth: Int) -> String {
        var text = ["", "", "", "/", "//", ".//"][dice.roll(6)]
        if text == "/" { text = "/r:Referral/" }
        for place in 0...dice.roll(3) {
            if place > 0 { text += dice.roll(4) == 0 ? "//" : "/" }
            text += step(&dice, depth: depth)
        }
        return dice.roll(12) == 0 && depth < 2 ? text + " | " + path(&dice, depth: depth + 1) : text
    }

    private static func step(_ dice: inout Dice, depth: Int) -> String {
        let axes = [
            "", "", "", "", "", "@", "descendant::", "ancestor::", "following-sibling::", "preceding-sibling::",
            "self::", "descendant-or-self::", "ancestor-or-self::", "parent::",
        ]
        let axis = axes[dice.roll(axes.count)]
        let names =
            axis == "@"
            ? ["code", "scheme", "*", "weight", "x:id"]
            : ["*", "*", "r:Need", "r:Need", "r:Patient", "r:Forename", "r:*", "r:v", "r:b", "r:Reason"]
        var text = axis + names[dice.roll(names.count)]
        if dice.roll(12) == 0 { return ".." }
        for _ in 0..<max(dice.roll(4) - 1, 0) where depth < 3 { text += "[" + predicate(&dice, depth: depth + 1) + "]" }
        return text
    }

    private static func predicate(_ dice: inout Dice, depth: Int) -> String {
        switch dice.roll(14) {
        case 0: "\(dice.roll(4))"
        case 1: "last()"
        case 2: "position() \(["<", ">", "=", "!=", ">="][dice.roll(5)]) \(dice.roll(4))"
        case 3: "@code = '\(["LOC7", "13Z8.", "inner"][dice.roll(3)])'"
        case 4: "@weight \(["<", ">", "=", "!="][dice.roll(4)]) \(dice.roll(14))"
        case 5: "not(\(predicate(&dice, depth: depth + 1)))"
        case 6: "\(path(&dice, depth: depth + 1)) = \(path(&dice, depth: depth + 1))"
        case 7: "count(\(path(&dice, depth: depth + 1))) > \(dice.roll(3))"
        case 8: "(\(predicate(&dice, depth: depth + 1))) and (\(predicate(&dice, depth: depth + 1)))"
        case 9: "position() = last() - \(dice.roll(2))"
        case 10: "contains(., '\(["e", "L", "Mary"][dice.roll(3)])')"
        case 11: "\(path(&dice, depth: depth + 1)) \(["<", ">", "=", "!="][dice.roll(4)]) \(dice.roll(4))"
        case 12: "position() mod 2 = \(dice.roll(2)) or @code"
        default: path(&dice, depth: depth + 1)
        }
    }

    private static func mutate(_ bytes: inout [UInt8], _ seeds: [String], _ dice: inout Dice) {
        if bytes.isEmpty { return }
        let place = dice.roll(bytes.count)
        switch dice.roll(5) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(Array("()[]{}@$%/.*'\"=<>!|&?,:- 0129axé".utf8)[dice.roll(33)], at: place)
        case 2: bytes.swapAt(place, dice.roll(bytes.count))
        case 3: bytes.replaceSubrange(place..., with: Array(seeds[dice.roll(seeds.count)].utf8.suffix(12)))
        default:
            let other = Array(seeds[dice.roll(seeds.count)].utf8)
            bytes.insert(contentsOf: other[..<dice.roll(other.count)], at: place)
        }
    }
}

extension PathBench {
    /// Whether a pattern matches just the nodes it selects from the root.
    mutating func agrees(_ pattern: Path) -> Bool {
        var selected: [NodeID] = []
        evaluator.select(pattern, from: 1, in: &document, into: &selected)
        var matched: [NodeID] = []
        for node in 0..<NodeID(document.nodes.count) where evaluator.matches(pattern, node, in: &document) {
            matched.append(node)
        }
        return selected == matched || evaluator.isExhausted
    }
}
