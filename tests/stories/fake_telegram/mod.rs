//! Tests of the small Telegram that the conversation tests stand on: it must be as strict as the real one.

mod refusal;
mod talk;
mod wire;

use serde_json::Value;

use crate::telegram::Telegram;

/// A client that does nothing by itself.
struct Bot {
    client: reqwest::Client,
    base: String,
}

impl Bot {
    fn of(tg: &Telegram) -> Self {
        Self { client: reqwest::Client::new(), base: format!("{}/bot{}", tg.url(), tg.token()) }
    }

    async fn try_call(&self, method: &str, params: &Value) -> Result<Value, reqwest::Error> {
        let request = self.client.post(format!("{}/{method}", self.base)).header("content-type", "application/json");
        let body = request.body(params.to_string()).send().await?.text().await?;
        Ok(serde_json::from_str(&body).unwrap_or(Value::String(body)))
    }

    async fn call(&self, method: &str, params: Value) -> Value {
        self.try_call(method, &params).await.expect("the small Telegram answers")
    }

    async fn ok(&self, method: &str, params: Value) -> Value {
        let mut answer = self.call(method, params).await;
        assert_eq!(answer["ok"], true, "{method}: {answer}");
        answer["result"].take()
    }

    async fn refused(&self, method: &str, params: Value) -> String {
        let answer = self.call(method, params).await;
        assert_eq!(answer["ok"], false, "{method}: {answer}");
        format!("{} {}", answer["error_code"], answer["description"].as_str().unwrap_or_default())
    }

    async fn updates(&self, params: Value) -> Vec<Value> {
        self.ok("GetUpdates", params).await.as_array().cloned().unwrap_or_default()
    }
}

fn long(n: usize) -> String {
    "a".repeat(n)
}
