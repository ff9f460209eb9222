import Foundation
import Testing

@testable import linkway

@Suite("linkway run --once")
struct RunCommandTests {
    private func run(_ project: Project, _ more: String...) throws -> Running {
        try project.run(
            arguments: ["run", "--once", "--inbox", "in", "--queue", "queue"] + more)
    }

    @Test("a line of JSON says which file, what bytes, what became of it and where it is now")
    func json() throws {
        let project = try Project()
        try project.write("in/a.xml", try project.text(Project.first))
        let run = try run(project, "--json")
        #expect(run.status == 0, "\(run.error)")
        let step = try #require(run.json)
        #expect(step["file"] as? String == "a.xml")
        #expect(step["place"] as? String == "in/done/a.xml")
        #expect((step["sha256"] as? String)?.count == 64)
        #expect((step["withheld"] as? [Any])?.isEmpty == true)
    }

    @Test("names of files and of what is in them command no terminal")
    func hostileNames() throws {
        let project = try Project()
        let name = "a\u{1B}[2J\u{202E}\n.xml"
        try project.write("in/" + name, "<Aisha_Ashworth_9990000018 xmlns='urn:Aisha Ashworth'/>")
        let run = try run(project, "-v")
        let text = run.out + run.error
        #expect(run.status == 2)
        #expect(!text.unicodeScalars.contains { ["\u{1B}", "\u{202E}"].contains($0) })
        #expect(text.contains("a\\u{1B}[2J\\u{202E}\\u{A}.xml"))
        #expect(!text.contains("Aisha"))
    }

    @Test("scan shows no key that could be a person's, and no control character")
    func scan() throws {
        let project = try Project()
        let file = try project.write(
            "x.json", #"{"notes":{"Aisha Ashworth":{"a":1},"\u001b[2J":{"a":2},"9990000018":{"a":3}}}"#)
        let run = try project.run("scan", file)
        #expect(run.out.contains("$.notes[*].a"))
        for hidden in ["Aisha", "\u{1B}", "9990000018"] { #expect(!run.out.contains(hidden)) }
    }

    @Test("check warns of a route that asks for no consent")
    func check() throws {
        let project = try Project()
        let routes = "sources: [ { name: in, folder: in } ]\nroutes: [ { name: out, queue: queue } ]\n"
        try project.write("linkway.yaml", routes)
        let run = try project.run("check", "--config", "linkway.yaml")
        #expect(run.status == 0)
        #expect(run.out.contains("warning[route-without-consent]"))
    }
}
