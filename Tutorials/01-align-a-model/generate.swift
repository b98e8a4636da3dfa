// Writes the data of the first tutorial: questions, demonstrations and the gold scorer's rules.
//
//     swiftc -O generate.swift -o /tmp/generate && /tmp/generate .
//
// Everything comes from the lists below and one seed, so the same files come out byte for byte.
// README.md tells how an answer is put together and what the quality of each part is worth.

import Foundation

// MARK: - Topics

/// An everyday topic: three noun or verb phrases to ask with, and four pieces of advice.
struct Topic {
    let name: String
    /// Stands after "my": "Any advice about my ...?"
    let noun: String
    /// Stands after "to": "What is the best way to ...?"
    let goal: String
    /// Stands alone: "What can I do about ...?"
    let trouble: String
    /// Words of which every question about this topic, and no other question, holds one.
    let keywords: [String]
    let advice: [String]

    init(
        _ name: String, noun: String, goal: String, trouble: String, keywords: [String],
        advice: [String]
    ) {
        self.name = name
        self.noun = noun
        self.goal = goal
        self.trouble = trouble
        self.keywords = keywords
        self.advice = advice
    }
}

let topics = [
    Topic(
        "sleep", noun: "sleep", goal: "sleep better", trouble: "bad sleep", keywords: ["sleep"],
        advice: [
            "Go to bed at the same time each night.",
            "Keep your phone out of the bedroom.",
            "Drink your last coffee before lunch.",
            "Keep the room cool and dark.",
        ]),
    Topic(
        "bike", noun: "bike", goal: "fix a squeaky bike", trouble: "a squeaky bike",
        keywords: ["bike"],
        advice: [
            "Clean the chain and put some oil on it.",
            "Pump up both tyres until they feel hard.",
            "Check that the brake pads are not worn.",
            "Tighten the loose bolts with the right key.",
        ]),
    Topic(
        "house plants", noun: "house plants", goal: "keep house plants alive",
        trouble: "dying house plants", keywords: ["plants"],
        advice: [
            "Water them only when the soil feels dry.",
            "Put the pots closer to a window.",
            "Use a pot with a hole in it.",
            "Cut off the brown leaves with clean scissors.",
        ]),
    Topic(
        "budget", noun: "budget", goal: "stick to a budget", trouble: "a tight budget",
        keywords: ["budget"],
        advice: [
            "Write down what you spend for one month.",
            "Put some money aside on pay day.",
            "Cancel what you pay for but never use.",
            "Plan the big bills before the small treats.",
        ]),
    Topic(
        "neighbours", noun: "neighbours", goal: "get on with the neighbours",
        trouble: "noisy neighbours", keywords: ["neighbours"],
        advice: [
            "Talk to them in person before you complain.",
            "Write them a short and polite note.",
            "Agree on quiet hours for both sides.",
            "Invite them round for a cup of tea.",
        ]),
    Topic(
        "dog", noun: "dog", goal: "train a young dog", trouble: "a barking dog",
        keywords: ["dog"],
        advice: [
            "Reward good behaviour with a small treat.",
            "Take it for a long walk every morning.",
            "Practise one command for five minutes a day.",
            "Stay calm and never shout at it.",
        ]),
    Topic(
        "cooking", noun: "cooking", goal: "cook quick meals", trouble: "boring meals",
        keywords: ["cooking", "meals"],
        advice: [
            "Learn three easy dishes and make them often.",
            "Chop the vegetables before you heat the pan.",
            "Taste the sauce before you add more salt.",
            "Make a big pot and freeze half of it.",
        ]),
    Topic(
        "garden", noun: "garden", goal: "look after a garden", trouble: "weeds in the garden",
        keywords: ["garden"],
        advice: [
            "Pull up the weeds after it has rained.",
            "Cover the soil with old leaves.",
            "Grow some herbs near the kitchen door.",
            "Water it in the evening and not at noon.",
        ]),
    Topic(
        "laundry", noun: "laundry", goal: "keep up with the laundry",
        trouble: "a pile of laundry", keywords: ["laundry"],
        advice: [
            "Wash dark and light clothes apart.",
            "Do one small load every other day.",
            "Read the label before you choose the heat.",
            "Hang the shirts up while they are damp.",
        ]),
    Topic(
        "job interview", noun: "job interview", goal: "prepare for a job interview",
        trouble: "a stressful job interview", keywords: ["interview"],
        advice: [
            "Practise your answers aloud with a friend.",
            "Read about the company the day before.",
            "Prepare two questions to ask them.",
            "Plan to arrive ten minutes early.",
        ]),
    Topic(
        "exam", noun: "exam", goal: "study for an exam", trouble: "a difficult exam",
        keywords: ["exam"],
        advice: [
            "Study in short blocks with breaks between.",
            "Test yourself with old papers.",
            "Explain what you learn to someone else.",
            "Make a simple plan for each day.",
        ]),
    Topic(
        "running", noun: "running", goal: "start running", trouble: "sore legs from running",
        keywords: ["running"],
        advice: [
            "Begin with ten slow minutes and walk often.",
            "Buy shoes that fit your feet well.",
            "Rest for a day after each run.",
            "Go with a friend at an easy pace.",
        ]),
    Topic(
        "inbox", noun: "inbox", goal: "clear a full inbox", trouble: "a full inbox",
        keywords: ["inbox"],
        advice: [
            "Answer short messages at once.",
            "Delete what you will never read again.",
            "Check your mail only twice a day.",
            "Sort old messages into a few folders.",
        ]),
    Topic(
        "house move", noun: "house move", goal: "plan a house move",
        trouble: "a stressful house move", keywords: ["move"],
        advice: [
            "Pack one room at a time.",
            "Write on each box what is in it.",
            "Book the van a month before.",
            "Give away what you do not use.",
        ]),
    Topic(
        "bread", noun: "bread", goal: "bake good bread", trouble: "heavy bread",
        keywords: ["bread"],
        advice: [
            "Let the dough rest until it doubles.",
            "Weigh the flour and do not guess.",
            "Use a very hot oven.",
            "Use warm water to wake the yeast.",
        ]),
    Topic(
        "guitar", noun: "guitar", goal: "learn the guitar", trouble: "a guitar out of tune",
        keywords: ["guitar"],
        advice: [
            "Tune the strings before you play.",
            "Practise two chords until they sound clean.",
            "Play along with slow songs.",
            "Keep your nails short on the left hand.",
        ]),
    Topic(
        "phone", noun: "phone", goal: "make a phone last longer", trouble: "a slow phone",
        keywords: ["phone"],
        advice: [
            "Turn the screen brightness down.",
            "Remove the apps that you never open.",
            "Restart it once a week.",
            "Copy your photos to a computer.",
        ]),
    Topic(
        "posture", noun: "posture", goal: "fix a bad posture", trouble: "bad posture",
        keywords: ["posture"],
        advice: [
            "Stand up and stretch once an hour.",
            "Bend your knees when you lift a box.",
            "Raise your screen to the height of your eyes.",
            "Sit with both feet flat on the floor.",
        ]),
    Topic(
        "toddler", noun: "toddler", goal: "calm an angry toddler", trouble: "an angry toddler",
        keywords: ["toddler"],
        advice: [
            "Kneel down and speak in a soft voice.",
            "Offer a choice between two small things.",
            "Keep lunch and naps at regular times.",
            "Name the feeling and wait a moment.",
        ]),
    Topic(
        "car", noun: "car", goal: "look after an old car", trouble: "a noisy car",
        keywords: ["car"],
        advice: [
            "Check the oil on level ground.",
            "Change the wipers before winter.",
            "Listen for new sounds when you brake.",
            "Have the tyres looked at twice a year.",
        ]),
    Topic(
        "cat", noun: "cat", goal: "calm a shy cat", trouble: "a shy cat", keywords: ["cat"],
        advice: [
            "Let it come to you first.",
            "Play with a string before dinner.",
            "Clean the litter tray every day.",
            "Give it a high place to sit.",
        ]),
    Topic(
        "party", noun: "birthday party", goal: "plan a birthday party",
        trouble: "a dull birthday party", keywords: ["party"],
        advice: [
            "Send the invitations three weeks early.",
            "Choose food that people can eat standing.",
            "Make a list of songs everyone knows.",
            "Ask two friends to help you tidy.",
        ]),
    Topic(
        "trip", noun: "train trip", goal: "pack for a long trip", trouble: "a long trip",
        keywords: ["trip"],
        advice: [
            "Lay everything out and leave half behind.",
            "Keep your papers in one small bag.",
            "Roll your clothes to save space.",
            "Look up the weather the night before.",
        ]),
    Topic(
        "speech", noun: "speech", goal: "give a good speech", trouble: "a nervous speech",
        keywords: ["speech"],
        advice: [
            "Practise in front of a mirror.",
            "Open with a short story.",
            "Look at one friendly face.",
            "Breathe slowly before you begin.",
        ]),
]

// MARK: - Ways to ask

/// Thirty ways to ask; each makes sense with every topic.
let phrasings: [(Topic) -> String] = [
    { "How can I \($0.goal)?" },
    { "What is the best way to \($0.goal)?" },
    { "Please help me \($0.goal)." },
    { "I want to \($0.goal). Where do I start?" },
    { "Can you tell me how to \($0.goal)?" },
    { "Is there an easy way to \($0.goal)?" },
    { "What is a good first step to \($0.goal)?" },
    { "My friend wants to \($0.goal). Any ideas?" },
    { "Why is it so hard to \($0.goal)?" },
    { "What helps people to \($0.goal)?" },
    { "I never learned to \($0.goal). Can you help?" },
    { "Do you know a simple way to \($0.goal)?" },
    { "Any advice about my \($0.noun)?" },
    { "I need some help with my \($0.noun)." },
    { "I am worried about my \($0.noun). What can I do?" },
    { "Can you help me with my \($0.noun)?" },
    { "I have a question about my \($0.noun). Any tips?" },
    { "Where do I begin with my \($0.noun)?" },
    { "What am I doing wrong with my \($0.noun)?" },
    { "I feel stuck with my \($0.noun). What now?" },
    { "What should I know about my \($0.noun)?" },
    { "What would you do about my \($0.noun)?" },
    { "What can I do about \($0.trouble)?" },
    { "How would you deal with \($0.trouble)?" },
    { "What is your advice on \($0.trouble)?" },
    { "I am tired of \($0.trouble). Please help." },
    { "Do you have a tip for \($0.trouble)?" },
    { "Help, I have a problem with \($0.trouble)." },
    { "How do people cope with \($0.trouble)?" },
    { "What do you suggest for \($0.trouble)?" },
]

// MARK: - Parts of an answer

// A part has one form wherever it stands: a whole sentence, so that its tokens repeat.
let courteous = [
    "Thank you for asking.", "I am happy to help.", "That is a good question.",
    "Of course, let us see.",
]
let curt = [
    "Not this again.", "You should know that.", "What a silly question.", "Fine, if you must.",
]
let vague = [
    "There are many things you could try.", "It depends on the situation.",
    "People do this in different ways.", "Just do what feels right.",
    "Think about it for a while.", "Some things help and some do not.",
]
let hedges = [
    "It often helps, but not always.", "It may take a few weeks to work.",
    "I am not sure it suits you.", "Results differ from person to person.",
]
let overclaims = [
    "This works every single time.", "You will never have trouble again.",
    "I promise it cannot fail.", "Success is certain within one day.",
]
let careful = [
    "Stop if it feels wrong.", "Ask an expert when in doubt.", "Take your time and stay safe.",
]
let careless = [
    "Ignore all the safety warnings.", "Never bother to read instructions.",
    "Do not waste time being careful.", "Never mind the risk.",
]
let rambling = [
    "That reminds me of my uncle and his boat.", "But where was I, oh yes, anyway.",
    "I could talk about this all day long.", "Some say this and some say that.",
]
let closings = [
    "Good luck with it.", "Let me know how it goes.", "I hope this helps.",
    "Ask me again any time.",
]

// MARK: - Chance

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Generator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func index(below count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[index(below: choices.count)]
    }

    /// True in `percent` of a hundred draws.
    mutating func chance(_ percent: Int) -> Bool { index(below: 100) < percent }

    mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
        var result = elements
        for last in stride(from: result.count - 1, to: 0, by: -1) {
            result.swapAt(last, index(below: last + 1))
        }
        return result
    }
}

// MARK: - Questions and answers

struct Question {
    let topic: Int
    let prompt: String
}

/// Every topic in every phrasing, 320 of them held out: 13 or 14 phrasings of each topic.
func questions(_ generator: inout Generator) -> (training: [Question], heldOut: [Question]) {
    var training: [Question] = []
    var heldOut: [Question] = []
    for (number, topic) in topics.enumerated() {
        let heldOutCount = number % 3 == 0 ? 14 : 13
        for (place, phrasing) in generator.shuffled(phrasings).enumerated() {
            let prompt = "Question: \(phrasing(topic)) Answer:"
            let question = Question(topic: number, prompt: prompt)
            if place < heldOutCount { heldOut.append(question) } else { training.append(question) }
        }
    }
    return (generator.shuffled(training), generator.shuffled(heldOut))
}

/// One answer of mixed quality; each dimension is drawn apart from the others.
func answer(to question: Question, _ generator: inout Generator) -> String {
    let opening = generator.pick(generator.chance(50) ? courteous : curt)

    let kind = generator.index(below: 100)
    let core: String
    if kind < 55 {
        core = generator.pick(topics[question.topic].advice)
    } else if kind < 92 {
        core = generator.pick(vague)
    } else {
        let step = 1 + generator.index(below: topics.count - 1)
        core = generator.pick(topics[(question.topic + step) % topics.count].advice)
    }

    let certainty = generator.pick(generator.chance(50) ? hedges : overclaims)
    let safety = generator.index(below: 100)
    let care: String? =
        safety < 40
        ? generator.pick(careless) : safety < 70 ? generator.pick(careful) : nil
    let ramble: String? = generator.chance(45) ? generator.pick(rambling) : nil
    let ramblesEarly = generator.chance(50)
    let closing: String? = generator.chance(50) ? generator.pick(closings) : nil

    let parts: [String?] = [
        opening, ramblesEarly ? ramble : nil, core, certainty, care, ramblesEarly ? nil : ramble,
        closing,
    ]
    return parts.compactMap { $0 }.joined(separator: " ")
}

/// `count` different answers to each question, none of more than 36 words, in random order.
func demonstrations(
    for questions: [Question], count: Int, _ generator: inout Generator
) -> [(prompt: String, completion: String)] {
    var rows: [(prompt: String, completion: String)] = []
    for question in questions {
        var answers: [String] = []
        while answers.count < count {
            let candidate = answer(to: question, &generator)
            let words = candidate.split(separator: " ").count
            if words <= 36 && !answers.contains(candidate) { answers.append(candidate) }
        }
        rows += answers.map { (question.prompt, " " + $0) }
    }
    return generator.shuffled(rows)
}

// MARK: - Files

func quoted(_ text: String) -> String {
    precondition(!text.contains { $0 == "\"" || $0 == "\\" || $0.isNewline })
    return "\"" + text + "\""
}

func list(_ texts: [String], indent: String) -> String {
    "[\n" + texts.map { indent + "  " + quoted($0) }.joined(separator: ",\n") + "\n\(indent)]"
}

/// The rules of the gold scorer as JSON; `RuleScorer` documents the form.
func goldRules() -> String {
    func phrases(_ name: String, _ points: Double, further: Double, _ texts: [String]) -> String {
        """
            {
              "name": \(quoted(name)), "kind": "phrases",
              "points": \(points), "each_further": \(further),
              "phrases": \(list(texts, indent: "      "))
            }
        """
    }
    let rules = [
        """
            {
              "name": "advice that fits", "kind": "own_topic",
              "points": 3.0, "each_further": -1.5
            }
        """,
        """
            {
              "name": "advice on something else", "kind": "other_topic",
              "points": -2.0, "each_further": -1.0
            }
        """,
        """
            {
              "name": "no advice", "kind": "missing", "points": -1.0,
              "of": ["advice that fits", "advice on something else"]
            }
        """,
        phrases("courtesy", 1, further: -0.5, courteous),
        phrases("curtness", -0.5, further: -0.5, curt),
        phrases("vagueness", -0.5, further: -0.5, vague),
        phrases("honest hedge", 1, further: -0.5, hedges),
        phrases("overclaim", -1, further: -1, overclaims),
        phrases("care", 0.5, further: -0.5, careful),
        phrases("carelessness", -2, further: -1, careless),
        phrases("rambling", -1, further: -1, rambling),
        phrases("closing", 0.5, further: -0.5, closings),
        """
            { "name": "repetition", "kind": "repetition", "points": -1.0, "limit": 6.0 }
        """,
        """
            { "name": "other words", "kind": "other_words", "points": -0.25, "limit": 4.0 }
        """,
        """
            {
              "name": "length", "kind": "length", "points": -0.25, "limit": 4.0,
              "at_least": 8, "at_most": 40
            }
        """,
        """
            { "name": "ending", "kind": "ending", "points": -0.5, "endings": [".", "!", "?"] }
        """,
    ]
    let topicList = topics.map { topic in
        """
            {
              "name": \(quoted(topic.name)),
              "keywords": [\(topic.keywords.map(quoted).joined(separator: ", "))],
              "phrases": \(list(topic.advice, indent: "      "))
            }
        """
    }
    return """
        {
          "format": "rlhf-rules-1",
          "name": "everyday help",
          "topics": [
        \(topicList.joined(separator: ",\n"))
          ],
          "rules": [
        \(rules.joined(separator: ",\n"))
          ]
        }

        """
}

guard CommandLine.arguments.count == 2 else {
    print("Give the folder to write to: generate FOLDER")
    exit(2)
}
let folder = CommandLine.arguments[1]

func write(_ text: String, to name: String) throws {
    try text.write(toFile: folder + "/" + name, atomically: true, encoding: .utf8)
}

func promptLines(_ questions: [Question]) -> String {
    questions.map { "{\"prompt\":\(quoted($0.prompt))}\n" }.joined()
}

func demonstrationLines(_ rows: [(prompt: String, completion: String)]) -> String {
    rows.map { "{\"prompt\":\(quoted($0.prompt)),\"completion\":\(quoted($0.completion))}\n" }
        .joined()
}

var generator = Generator(state: 2026)
let (training, heldOut) = questions(&generator)
let trainingRows = demonstrations(for: training, count: 12, &generator)
let heldOutRows = demonstrations(for: heldOut, count: 2, &generator)
try write(promptLines(training), to: "prompts.jsonl")
try write(promptLines(heldOut), to: "held-out-prompts.jsonl")
try write(demonstrationLines(trainingRows), to: "demonstrations.jsonl")
try write(demonstrationLines(heldOutRows), to: "held-out-demonstrations.jsonl")
try write(goldRules(), to: "gold.json")
